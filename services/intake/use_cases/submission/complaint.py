"""A whole complaint as it is sent to us."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.intake.domain import record
from services.intake.use_cases.submission.fields import Form, Instant, Line, Source
from services.intake.use_cases.submission.matter import ClaimForm, ConsentsForm, MatterForm
from services.intake.use_cases.submission.parties import (
    AgentForm,
    ComplainantForm,
    JointForm,
    RespondentForm,
)
from shared.terms import Channel, Kind


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
    channel: Channel = Field(
        Channel.WEB,
        description="Channel (渠道): "
        + Channel.described()
        + " Without a session or token only `web` and `app`.",
    )
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
    privacy_notice: Annotated[str, StringConstraints(max_length=40)] | None = Field(
        None,
        description="Version of the privacy notice that the person saw (隐私告知的版本); "
        "null: not stated. It is never assumed.",
    )

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
            notice=self.privacy_notice or None,
        )

    def canonical(self) -> bytes:
        """The same bytes for the same complaint, however it was typed or ordered."""
        return self.model_dump_json(exclude_defaults=True).encode()
