"""The personal part of a complaint, as sealed JSON documents."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from services.intake.domain.record import Complainant, Complaint, Respondent
from services.intake.tables import COMPLAINANT, REPORTER, RESPONDENT, WORDS
from shared.terms import Kind
from shared.vault import Sealed, Vault

Document = dict[str, Any]
APART = ("agent", "joint")
"""What the words of a report (举报) do not hold: people beside the one who reported."""


def is_apart(kind: str) -> bool:
    """Whether who speaks is kept apart from what they say."""
    return kind == Kind.REPORT


def sealed_words(complaint: Complaint, row: UUID, vault: Vault) -> dict[str, Sealed | None]:
    """The three sealed columns of a complaint's row; who reported is in none of them."""
    apart = is_apart(complaint.kind)
    words = words_of(complaint) | (dict.fromkeys(APART) if apart else {})
    who = None if apart else packed(complaint.complainant._asdict())
    return {
        "complainant": vault.seal(who, COMPLAINANT, row) if who else None,
        "respondent": vault.seal(packed(complaint.respondent._asdict()), RESPONDENT, row),
        "words": vault.seal(packed(words), WORDS, row),
    }


def identity_of(complaint: Complaint) -> Document:
    """Everybody who speaks in a report."""
    words = words_of(complaint)
    complainant = known(complaint.complainant._asdict())
    return {"complainant": complainant, **{name: words[name] for name in APART}}


def words_of(complaint: Complaint) -> Document:
    """What people said, as far as it is neither a code nor a figure."""
    matter = complaint.matter
    return {
        "subject": matter.subject,
        "text": matter.text,
        "place": matter.place,
        "goods_or_service": matter.goods_or_service,
        "order_no": matter.order_no,
        "rights_infringement_known_on": matter.rights_infringement_known_on,
        "claims": [one._asdict() for one in complaint.claims],
        "evidence": list(complaint.evidence),
        "agent": complaint.agent._asdict() if complaint.agent else None,
        "joint": joint_of(complaint),
        "consents": complaint.consents._asdict(),
        "external_id": complaint.external.id,
    }


def joint_of(complaint: Complaint) -> Document | None:
    if complaint.joint is None:
        return None
    people = [one._asdict() for one in complaint.joint.people]
    return {"people": people, "representatives": list(complaint.joint.representatives)}


EMPTY: Mapping[str, Document] = {
    COMPLAINANT: Complainant()._asdict(),
    RESPONDENT: Respondent()._asdict(),
    WORDS: words_of(Complaint()),
    REPORTER: {"complainant": {}, "agent": None, "joint": None},
}
"""Every key of each document, with the value of what is not known."""


def packed(document: Mapping[str, Any]) -> bytes:
    """JSON without what is not known."""
    return to_json(known(document))


def known(document: Mapping[str, Any]) -> Document:
    """What is known of a document."""
    return {name: value for name, value in document.items() if value or is_known(value)}


def is_known(value: Any) -> bool:
    """A false or a zero says something; None and an empty list do not."""
    return value is not None and value != []


def opened(sealed: Sealed | None, row: UUID, vault: Vault) -> Document | None:
    """A sealed document with all its keys; None where it was erased."""
    if sealed is None:
        return None
    return {**EMPTY[sealed.place], **json.loads(vault.open(sealed, row))}
