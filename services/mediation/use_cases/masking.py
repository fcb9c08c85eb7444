"""What of a record and of the log is shown to whom has not looked behind the mask (脱敏).

The respondent (被投诉人) is an operator: its name, credit code and address are public. Only a
mobile phone may be somebody's own.
"""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from services.mediation.ports import Record
from services.mediation.use_cases.words import COPIED, Copy, Known
from shared.masks import masked_person, masked_phone, masked_text
from shared.masks.records import hidden
from shared.terms import Term

RUNNING = ("text", "subject", "place", "note", "consent_override", "goods_or_service")
"""Words that people write freely: what names and numbers they hold is hidden where it stands."""


class Part(Term):
    """What can be looked at behind the mask, each by itself."""

    COMPLAINANT = "complainant", "投诉人的姓名和联系方式", "Complainant's name and contact"
    PARTIES = "parties", "代理人和共同投诉人", "Agent and joint complainants"
    RESPONDENT = "respondent", "被投诉人的手机", "Respondent's mobile phone"
    WORDS = "words", "文字里的姓名和号码", "Names and numbers in the text"


REGIONS = re.compile(
    r"^.{0,30}?(?:省|自治区|市)?(?:[^省市区县]{1,12}市)?[^省市区县]{1,12}[区县](?=.)"
)
"""What a Chinese address begins with: province, city, district."""
SHORTEST_STREET = 4
"""Characters: what is shorter stands in many texts for something else."""
Opened = AbstractSet[str]
"""The parts that were looked at."""
NOTHING: Opened = frozenset()


def masked_record(record: Record, opened: Opened) -> Record:
    """The record as somebody sees it."""
    words, names = dict(record.words), names_in(record)
    if Part.WORDS not in opened:
        words = {name: text_in(name, value, names) for name, value in words.items()}
    if Part.PARTIES not in opened:
        words |= parties_in(record.words)
    complainant, respondent = record.complainant, record.respondent
    if Part.COMPLAINANT not in opened:
        complainant = masked_person(complainant) or {}
    if Part.RESPONDENT not in opened:
        respondent = {name: business(name, value) for name, value in respondent.items()}
    files = record.files if Part.WORDS in opened else [file_in(one, names) for one in record.files]
    return replace(
        record,
        complainant=Known(complainant),
        respondent=Known(respondent),
        words=Known(words),
        files=files,
    )


def names_in(record: Record) -> list[str]:
    """Names and addresses of people that are hidden in the text, too."""
    joint = (record.words.get("joint") or {}).get("people") or []
    people = [record.complainant, record.words.get("agent") or {}, *joint]
    named = [one["name"] for one in people if one.get("name")]
    return named + [part for one in people for part in streets_in(one.get("address"))]


def streets_in(address: Any) -> list[str]:
    """An address as people repeat it: whole, and without province, city and district."""
    whole = str(address or "").strip()
    street = REGIONS.sub("", whole)
    return [one for one in dict.fromkeys((whole, street)) if len(one) >= SHORTEST_STREET]


def text_in(name: str, value: Any, names: list[str]) -> Any:
    """One of the words of a record."""
    if name in RUNNING and isinstance(value, str):
        return masked_text(value, names)
    if name == "evidence" and isinstance(value, list):
        return [masked_text(one, names) if isinstance(one, str) else one for one in value]
    return value


def file_in(file: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """A file of evidence; its name is what somebody wrote."""
    return {**file, "name": masked_text(file["name"], names)}


def parties_in(words: Mapping[str, Any]) -> dict[str, Any]:
    """Who acts or complains together with the complainant."""
    found: dict[str, Any] = {}
    if agent := words.get("agent"):
        found["agent"] = masked_person(agent)
    if joint := words.get("joint"):
        people = [masked_person(one) for one in joint.get("people") or []]
        named = [hidden("name", one) for one in joint.get("representatives") or []]
        found["joint"] = {**joint, "people": people, "representatives": named}
    return found


def business(name: str, value: Any) -> Any:
    """One field of the respondent."""
    return masked_phone(value) if name == "phone" and is_mobile(value) else value


def is_mobile(value: Any) -> bool:
    """Whether it is a mobile phone of the mainland."""
    digits = "".join(one for one in str(value or "") if one.isdigit()).removeprefix("86")
    return len(digits) == len("13800000000") and digits.startswith("1")


def masked_copy(copy: Mapping[str, Mapping[str, Any]]) -> Copy:
    """What the desk lists of a case."""
    complainant, respondent = copy["complainant"], copy["respondent"]
    names = [complainant["name"]] if complainant.get("name") else []
    matter = {name: text_in(name, value, names) for name, value in copy["matter"].items()}
    shown: Copy = {
        "complainant": masked_person(complainant) or {},
        "respondent": {name: business(name, value) for name, value in respondent.items()},
        "matter": matter,
    }
    return {part: Known(shown[part]) for part in COPIED}


def masked_values(values: Mapping[str, Any], opened: Opened, names: list[str]) -> Known:
    """What a row of the log says."""
    return Known({name: logged(name, value, opened, names) for name, value in values.items()})


def logged(name: str, value: Any, opened: Opened, names: list[str]) -> Any:
    """One of the values of a log row: fields of the respondent, free words, corrections."""
    if name in {"changes", "before"} and isinstance(value, Mapping):
        return {at: corrected(at, one, opened, names) for at, one in value.items()}
    if name == "phone" and Part.RESPONDENT not in opened:
        return business(name, value)
    return value if Part.WORDS in opened else text_in(name, value, names)


def corrected(pointer: str, value: Any, opened: Opened, names: list[str]) -> Any:
    """One corrected field, old or new."""
    _, part, name = pointer.split("/", 2)
    if part == "complainant":
        return value if Part.COMPLAINANT in opened else hidden(name, value)
    if part == "respondent":
        return value if Part.RESPONDENT in opened else business(name, value)
    return value if Part.WORDS in opened else text_in(name, value, names)
