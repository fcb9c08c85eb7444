"""A complaint as people read it: personal data masked (脱敏); the house's own services see all.

The respondent (被投诉人) is an operator: its name, credit code and address are public. Only a
mobile phone may be somebody's own. What lies behind a mask is looked at on the page of the case.
"""

from collections.abc import Mapping
from typing import Any

from shared.masks import masked_name, masked_person, masked_phone, masked_text
from shared.text import normal_phone

RUNNING = ("text", "subject", "place", "goods_or_service")
"""Words that people write freely: what names and numbers they hold is hidden where it stands."""
MOBILE = 11


def masked_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record as `record_json` makes it, masked."""
    names = names_in(record)
    matter = {name: words_in(name, value, names) for name, value in record["matter"].items()}
    return {
        **record,
        "complainant": masked_person(record["complainant"]),
        "agent": agent_in(record["agent"], names),
        "joint": joint_in(record["joint"]),
        "respondent": operator(record["respondent"]),
        "matter": matter,
        "evidence": [masked_text(one, names) for one in record["evidence"]],
        "files": [{**one, "name": masked_text(one["name"], names)} for one in record["files"]],
    }


def names_in(record: Mapping[str, Any]) -> list[str]:
    """The people whose names are hidden in the text, too."""
    joint = (record["joint"] or {}).get("people") or []
    people = [record["complainant"] or {}, record["agent"] or {}, *joint]
    return [one["name"] for one in people if one.get("name")]


def words_in(name: str, value: Any, names: list[str]) -> Any:
    """One field of the matter."""
    return masked_text(value, names) if name in RUNNING and isinstance(value, str) else value


def agent_in(agent: Mapping[str, Any] | None, names: list[str]) -> dict[str, Any] | None:
    """Who acts for the complainant, and what for."""
    shown = masked_person(agent)
    if shown and shown.get("authority"):
        shown["authority"] = masked_text(shown["authority"], names)
    return shown


def joint_in(joint: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Who complains together with the complainant."""
    if joint is None:
        return None
    people = [masked_person(one) for one in joint.get("people") or ()]
    named = [masked_name(one) for one in joint.get("representatives") or ()]
    return {**joint, "people": people, "representatives": named}


def operator(respondent: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Who is complained of."""
    if respondent is None or not is_mobile(respondent.get("phone")):
        return dict(respondent) if respondent else None
    return {**respondent, "phone": masked_phone(respondent["phone"])}


def is_mobile(phone: str | None) -> bool:
    """Whether it is a mobile phone of the mainland."""
    digits = normal_phone(phone or "")
    return len(digits) == MOBILE and digits.startswith("1")
