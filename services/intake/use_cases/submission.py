"""A complaint as it is sent to us: the JSON of the API, tidied while it is read."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
)

from services.intake.domain import record
from shared.i18n import N_
from shared.record import limits
from shared.terms import (
    CATEGORIES,
    Channel,
    Claim,
    IdType,
    Kind,
    Nature,
    PersonKind,
    spelled_out,
)
from shared.text import clean, clean_words, code, folded, normal_phone

LONGEST_INSTANT = 40


def line(text: str) -> str | None:
    return clean(text) or None


def phone(text: str) -> str | None:
    return normal_phone(text) or (clean(text) or None)


def upper_code(text: str) -> str | None:
    return code(text) or None


def email(text: str) -> str | None:
    return folded(text) or None


def written(value: Any) -> Any:
    """Days and instants are text, never counted seconds; wide digits pass."""
    if isinstance(value, str):
        return folded(value) if len(value) <= LONGEST_INSTANT else value
    if isinstance(value, date):
        return value
    raise ValueError(N_("日期要写成2026-11-01的样子。"))


Short = Annotated[str, StringConstraints(max_length=limits.SHORT), AfterValidator(line)]
Line = Annotated[str, StringConstraints(max_length=limits.LINE), AfterValidator(line)]
Long = Annotated[str, StringConstraints(max_length=1000), AfterValidator(line)]
Phone = Annotated[str, StringConstraints(max_length=limits.PHONE), AfterValidator(phone)]
Email = Annotated[str, StringConstraints(max_length=limits.EMAIL), AfterValidator(email)]
Code = Annotated[str, StringConstraints(max_length=limits.CODE), AfterValidator(upper_code)]
Text = Annotated[str, StringConstraints(max_length=limits.TEXT), AfterValidator(clean_words)]
Fen = Annotated[int, Strict()]
Tick = Annotated[bool, Strict()]
Day = Annotated[date, BeforeValidator(written)]
Instant = Annotated[AwareDatetime, BeforeValidator(written)]
Source = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")]


class Form(BaseModel):
    """What all parts have in common: unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid")


class ComplainantForm(Form):
    """Who complains (投诉人). A complaint needs a name and one way to be reached."""

    name: Short | None = Field(None, description="Name (姓名或者名称).", examples=["张三"])
    phone: Phone | None = Field(
        None,
        description="Mobile, or landline with its area code (电话); +86, blanks, full-width pass.",
        examples=["13800138000"],
    )
    email: Email | None = Field(None, description="E-mail (电子邮箱).")
    id_type: IdType | None = Field(
        None, description="Identity document (证件种类): " + IdType.described()
    )
    id_number: Code | None = Field(
        None, description="Its number (证件号码); a resident identity number is checked (GB 11643)."
    )
    address: Line | None = Field(None, description="Address (通信地址).")
    kind: PersonKind = Field(PersonKind.NATURAL, description=PersonKind.described())

    def record(self) -> record.Complainant:
        """As the rules know it."""
        return record.Complainant(
            self.name, self.phone, self.email, self.id_type, self.id_number, self.address, self.kind
        )


class AgentForm(Form):
    """Who acts for the complainant (代理人)."""

    name: Short | None = Field(None, description="Name (姓名).")
    phone: Phone | None = Field(None, description="Phone (电话).")
    id_type: IdType | None = Field(None, description=IdType.described())
    id_number: Code | None = Field(None, description="Number of the document (证件号码).")
    authority: Long | None = Field(
        None, description="What the written authority covers (委托事项、权限和期限)."
    )

    def record(self) -> record.Agent:
        """As the rules know it."""
        return record.Agent(self.name, self.phone, self.id_type, self.id_number, self.authority)


class CompanionForm(Form):
    """One of several who complain together (共同投诉人)."""

    name: Short
    phone: Phone | None = None


class JointForm(Form):
    """A complaint of several people (共同投诉)."""

    people: list[CompanionForm] = Field(default=[], max_length=500)
    representatives: list[Short] = Field(
        default=[], max_length=20, description="Names of those who speak for all (代表人)."
    )

    def record(self) -> record.Joint:
        """As the rules know it."""
        people = tuple(record.Companion(one.name, one.phone) for one in self.people if one.name)
        return record.Joint(people, tuple(one for one in self.representatives if one))


class RespondentForm(Form):
    """Who is complained of (被投诉人). A complaint needs a name or a credit code."""

    name: Line | None = Field(
        None, description="Name (商家名称).", examples=["安澜禾木家居有限公司"]
    )
    uscc: Code | None = Field(
        None,
        description="Unified social credit code (统一社会信用代码), checked by GB 32100.",
        examples=["91350100M000100Y43"],
    )
    address: Line | None = Field(None, description="Address (地址).")
    phone: Phone | None = Field(None, description="Phone (电话).")
    email: Email | None = Field(None, description="E-mail (电子邮箱).")
    platform: Line | None = Field(
        None, description="E-commerce platform and the shop's name there (平台和店名)."
    )

    def record(self) -> record.Respondent:
        """As the rules know it."""
        return record.Respondent(
            self.name, self.uscc, self.address, self.phone, self.email, self.platform
        )


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
    mediation: Tick = Field(False, description="To mediation (同意调解).")  # noqa: FBT003 - a default
    entrusted_mediation: Tick = Field(False, description="To entrusted mediation (同意委托调解).")  # noqa: FBT003 - a default
    publication: Tick = Field(False, description="To publication (同意公示投诉信息).")  # noqa: FBT003 - a default

    def record(self) -> record.Consents:
        """As the rules know it."""
        return record.Consents(
            self.forwarding, self.mediation, self.entrusted_mediation, self.publication
        )


class ExternalForm(Form):
    """Where it comes from; for imports and partners with a session or token only (来源)."""

    source: Source | None = Field(None, description="Code of the other system (来源系统代码).")
    id: Line | None = Field(None, description="Its number there (原编号).")
    received_at: Instant | None = Field(
        None, description="When it was received there (原接收时间): clocks and figures start then."
    )

    def record(self) -> record.External:
        """As the rules know it."""
        return record.External(self.source, self.id, self.received_at)


NOTHING_EXTERNAL = record.External()


class ComplaintForm(Form):
    """A complaint, report, inquiry, suggestion, praise or call for help (投诉举报等来件)."""

    kind: Kind = Field(Kind.COMPLAINT, description="Kind (事项性质): " + Kind.described())
    channel: Channel = Field(Channel.WEB, description="Channel (渠道): " + Channel.described())
    body: Annotated[str, StringConstraints(max_length=40)] | None = Field(
        None,
        description="Code of the organisation that receives it; null: the default one (接收单位).",
    )
    complainant: ComplainantForm | None = None
    agent: AgentForm | None = None
    joint: JointForm | None = None
    respondent: RespondentForm | None = None
    matter: MatterForm
    claims: list[ClaimForm] | None = Field(None, max_length=20, description="Claims (诉求).")
    evidence: list[Line] | None = Field(
        None, max_length=50, description="What evidence there is, one item a line (证据清单)."
    )
    consents: ConsentsForm | None = None
    external: ExternalForm | None = None

    def record(self) -> record.Complaint:
        """As the rules know it."""
        return record.Complaint(
            kind=self.kind,
            channel=self.channel,
            body=self.body or None,
            complainant=self.complainant.record() if self.complainant else record.Complainant(),
            agent=self.agent.record() if self.agent else None,
            joint=self.joint.record() if self.joint else None,
            respondent=self.respondent.record() if self.respondent else record.Respondent(),
            matter=self.matter.record(),
            claims=tuple(
                record.ClaimedThing(one.kind, one.amount_fen) for one in self.claims or ()
            ),
            evidence=tuple(one for one in self.evidence or () if one),
            consents=self.consents.record() if self.consents else record.Consents(),
            external=self.external.record() if self.external else NOTHING_EXTERNAL,
        )

    def canonical(self) -> bytes:
        """The same bytes for the same complaint, however it was typed or ordered."""
        return self.model_dump_json(exclude_defaults=True).encode()


class RegisteredForm(ComplaintForm):
    """A complaint that a sister service enters for somebody of the staff (工作人员登记)."""

    registrar: UUID | None = Field(None, description="Who entered it (登记人).")
