"""What of a record and of the log is shown to whom has not looked behind the mask (脱敏)."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from services.mediation.ports import Record
from services.mediation.use_cases.speaking import hidden_of
from services.mediation.use_cases.words import COPIED, Copy, Known
from shared.masks import Secrets, complaints, masked_person
from shared.masks.records import hidden
from shared.terms import Term


class Part(Term):
    """What can be looked at behind the mask, each by itself."""

    COMPLAINANT = complaints.COMPLAINANT, "投诉人的姓名和联系方式", "Complainant's name and contact"
    IDENTITY = complaints.IDENTITY, "投诉人的证件号码和住址", "Complainant's ID number and address"
    PARTIES = complaints.PARTIES, "代理人和共同投诉人", "Agent and joint complainants"
    RESPONDENT = complaints.RESPONDENT, "被投诉人的手机", "Respondent's mobile phone"
    WORDS = complaints.WORDS, "文字里的姓名和号码", "Names and numbers in the text"


PARTIES = ("agent", "joint")
APART = (*PARTIES, complaints.FORMERLY)
"""What lies among the words of a record and is no word; what was corrected is never shown."""
Opened = AbstractSet[str]
"""The parts that were looked at."""
NOTHING: Opened = frozenset()


def masked_record(record: Record, opened: Opened) -> Record:
    """The record as somebody sees it."""
    shown = complaints.masked_record(parts_of(record), opened)
    parties = {name: shown[name] for name in PARTIES if name in record.words}
    return replace(
        record,
        complainant=Known(shown["complainant"]),
        respondent=Known(shown["respondent"]),
        words=Known({**shown["matter"], **parties}),
        files=shown["files"],
    )


def parts_of(record: Record) -> dict[str, Any]:
    """The record with the members that the mask knows."""
    return {
        "complainant": record.complainant,
        "respondent": record.respondent,
        "matter": {name: value for name, value in record.words.items() if name not in APART},
        "files": record.files,
        **{name: record.words.get(name) for name in APART},
    }


def secrets_in(record: Record) -> Secrets:
    """What is known of people and hidden in the text, too."""
    return complaints.secrets_in(parts_of(record))


def masked_copy(copy: Mapping[str, Mapping[str, Any]]) -> Copy:
    """What the desk lists of a case."""
    complainant = masked_person(copy["complainant"]) or {}
    shown: Copy = {
        "complainant": {name: one for name, one in complainant.items() if name != "kind"},
        "respondent": complaints.masked_operator(copy["respondent"]),
        "matter": complaints.masked_words(copy["matter"], secrets_in_copy(copy)),
    }
    return {part: Known(shown[part]) for part in COPIED}


def secrets_in_copy(copy: Mapping[str, Mapping[str, Any]]) -> Secrets:
    """What our own copy knows of everybody who speaks in a case, and what texts must not tell."""
    return complaints.secrets_of([copy["complainant"], *hidden_of(copy)])


def masked_values(values: Mapping[str, Any], opened: Opened, secrets: Secrets) -> Known:
    """What a row of the log says."""
    return Known({name: logged(name, value, opened, secrets) for name, value in values.items()})


def logged(name: str, value: Any, opened: Opened, secrets: Secrets) -> Any:
    """One of the values of a log row: fields of the respondent, free words, corrections."""
    if name in {"changes", "before"} and isinstance(value, Mapping):
        return {at: corrected(at, one, opened, secrets) for at, one in value.items()}
    if name == "phone" and Part.RESPONDENT not in opened:
        return complaints.masked_business(name, value)
    return value if Part.WORDS in opened else complaints.masked_word(name, value, secrets)


def corrected(pointer: str, value: Any, opened: Opened, secrets: Secrets) -> Any:
    """One corrected field, old or new."""
    _, part, name = pointer.split("/", 2)
    if part == "complainant":
        return value if complaints.part_of(name) in opened else hidden(name, value)
    if part == "respondent":
        return value if Part.RESPONDENT in opened else complaints.masked_business(name, value)
    return value if Part.WORDS in opened else complaints.masked_word(name, value, secrets)
