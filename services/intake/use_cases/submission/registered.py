"""A complaint that staff take down for somebody, as mediation hands it over."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.intake.use_cases.submission.complaint import ComplaintForm
from shared.trail import Doer


class StaffSaid(BaseModel):
    """Who of the staff acts, as mediation knows them; for whom, where they stand in (代理)."""

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = None
    name: str = Field("", max_length=200)
    role: str = Field("", max_length=40)
    for_id: UUID | None = None
    for_name: str = Field("", max_length=200)

    def doer(self) -> Doer:
        """Them, as the trail knows them."""
        return Doer("staff", self.id, self.name, self.role, self.for_id, self.for_name)


class RegisteredForm(ComplaintForm):
    """A complaint that a sister service enters for somebody of the staff (工作人员登记)."""

    registrar: UUID | None = Field(None, description="Who entered it (登记人).")
    staff: StaffSaid | None = Field(None, description="The same with their name and role.")
    notice_read_out: bool = Field(
        default=False,
        description="Whether the privacy notice in force was read out or handed over (已经告知).",
    )

    def canonical(self) -> bytes:
        """The same, whoever it was that entered it and whatever they are called by now."""
        return self.model_dump_json(exclude_defaults=True, exclude={"staff"}).encode()
