"""What intake states."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from shared.events.base import ComplaintEvent


class ComplaintReceived(ComplaintEvent):
    """A complaint is registered and has a public number. Its words stay with intake."""

    TYPE = "intake.complaint_received.v1"

    number: str
    body: str
    """Code of the organisation that received it."""
    demo: bool = False
    kind: str
    channel: str
    received_at: AwareDatetime
    """When it was received; for imports and partners the original instant."""
    region: str | None = None
    category: str | None = None
    nature: str | None = None
    amount_fen: int | None = None
    happened_on: date | None = None
    respondent_known: bool
    """Whether it can be found: by a name or by a credit code."""
    source: str | None = None
    """Code of the system it was imported or transferred from."""
    forwarding_consent: bool | None = None
    """Whether the complainant agreed that it is passed on to the respondent (同意转送).

    None: nothing was stated, as in many an import.
    """
    registrar: UUID | None = None
    """Who of the staff entered it (登记人)."""
    registrar_role: str | None = None
    """The role in which that one did it; None: nobody did, or it was not stated."""
    behalf: UUID | None = None
    """For whom that one stood in (代理); None: for nobody."""
    respondent_named: bool | None = None
    """Whether the respondent has a name, so that it can be written to; None: as it is known."""


class ComplaintAmended(ComplaintEvent):
    """The record was corrected: `fields` are JSON pointers, the facts are those of now."""

    TYPE = "intake.complaint_amended.v1"

    fields: tuple[str, ...]
    region: str | None = None
    category: str | None = None
    nature: str | None = None
    amount_fen: int | None = None
    respondent_known: bool
    respondent_named: bool | None = None
    """As in ComplaintReceived."""


class EvidenceAdded(ComplaintEvent):
    """Files were added to a complaint."""

    TYPE = "intake.evidence_added.v1"

    files: int
    """How many files the complaint has now."""
    registrar: UUID | None = None
    """Who of the staff added them for whoever complained (代为补充); None: nobody did."""
    behalf: UUID | None = None
    """For whom that one stood in (代理); None: for nobody."""


class ComplaintWithdrawn(ComplaintEvent):
    """The citizen took the complaint back (撤回)."""

    TYPE = "intake.complaint_withdrawn.v1"


class ComplaintErased(ComplaintEvent):
    """The words of a complaint were erased on lawful request; copies must be emptied."""

    TYPE = "intake.complaint_erased.v1"


class ComplaintRemoved(ComplaintEvent):
    """A fictitious complaint was taken out again with all that is known of it: nobody counts it."""

    TYPE = "intake.complaint_removed.v1"
