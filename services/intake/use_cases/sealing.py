"""The personal part of a complaint, as sealed JSON documents."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from services.intake.domain.record import Complainant, Complaint, Respondent
from services.intake.tables import COMPLAINANT, RESPONDENT, WORDS
from shared.vault import Sealed, Vault

Document = dict[str, Any]


def sealed_words(complaint: Complaint, row: UUID, vault: Vault) -> dict[str, Sealed]:
    """The three sealed columns of a complaint's row."""
    return {
        "complainant": vault.seal(packed(complaint.complainant._asdict()), COMPLAINANT, row),
        "respondent": vault.seal(packed(complaint.respondent._asdict()), RESPONDENT, row),
        "words": vault.seal(packed(words_of(complaint)), WORDS, row),
    }


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
}
"""Every key of each document, with the value of what is not known."""


def packed(document: Mapping[str, Any]) -> bytes:
    """JSON without what is not known."""
    return to_json({name: value for name, value in document.items() if value or is_known(value)})


def is_known(value: Any) -> bool:
    """A false or a zero says something; None and an empty list do not."""
    return value is not None and value != []


def opened(sealed: Sealed | None, row: UUID, vault: Vault) -> Document | None:
    """A sealed document with all its keys; None where it was erased."""
    if sealed is None:
        return None
    return {**EMPTY[sealed.place], **json.loads(vault.open(sealed, row))}
