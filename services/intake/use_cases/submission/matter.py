"""What a complaint is about, what is asked for and agreed to, as it is sent to us."""

from pydantic import Field

from services.intake.domain import record
from services.intake.use_cases.submission.fields import Day, Fen, Form, Line, Text, Tick
from shared.terms import CATEGORIES, Claim, Nature, spelled_out


class MatterForm(Form):
    """What happened (投诉事项)."""

    subject: Line | None = Field(None, description="In one line (事由).")
    text: Text = Field(description="What happened and why (事实和理由), up to 10,000 characters.")
    happened_on: Day | None = Field(None, description="When (发生日期), not in the future.")
    place: Line | None = Field(None, description="Where (地点).")
    region: Line | None = Field(
        None,
        description="Division code, six digits, GB/T 2260 (行政区划代码).",
        examples=["510903"],
    )
    goods_or_service: Line | None = Field(None, description="Goods or service (商品或者服务).")
    order_no: Line | None = Field(None, description="Order number (订单号).")
    amount_fen: Fen | None = Field(
        None, description="The sum in dispute (涉及金额) in fen (分).", examples=[12900]
    )
    nature: Nature | None = Field(None, description="Nature (投诉性质): " + Nature.described())
    category: Line | None = Field(
        None,
        description="Category (商品服务类别): "
        + spelled_out({one.code: one.zh for one in CATEGORIES.values()}),
        examples=["goods_food"],
    )
    rights_infringement_known_on: Day | None = Field(
        None, description="When the infringement became known (知道或者应当知道权益受损之日)."
    )

    def record(self) -> record.Matter:
        """As the rules know it."""
        return record.Matter(
            self.text, self.subject, self.happened_on, self.place, self.region,
            self.goods_or_service, self.order_no, self.amount_fen, self.nature, self.category,
            self.rights_infringement_known_on,
        )  # fmt: skip


class ClaimForm(Form):
    """One thing that is asked for (诉求)."""

    kind: Claim = Field(description=Claim.described())
    amount_fen: Fen | None = Field(None, description="How much (金额) in fen (分).")


class ConsentsForm(Form):
    """What the complainant agreed to (同意事项). Nothing is presumed."""

    forwarding: Tick | None = Field(
        None,
        description="To pass it on to the respondent (同意转送); null: not stated. "
        "After a no, only a person may forward it, who must give a reason.",
    )
    mediation: Tick | None = Field(None, description="To mediation (同意调解); null: not stated.")
    entrusted_mediation: Tick = Field(False, description="To entrusted mediation (同意委托调解).")  # noqa: FBT003 - a default
    publication: Tick = Field(False, description="To publication (同意公示投诉信息).")  # noqa: FBT003 - a default

    sensitive: Tick | None = Field(
        None,
        description="To the use of sensitive personal data (同意处理敏感个人信息): identity "
        "numbers, health, accounts; null: not stated.",
    )

    def record(self) -> record.Consents:
        """As the rules know it."""
        return record.Consents(
            self.forwarding,
            self.mediation,
            self.entrusted_mediation,
            self.publication,
            self.sensitive,
        )
