"""The record of a complaint as people read it who did not look behind the mask (脱敏).

The respondent (被投诉人) is an operator: its name, credit code and address are public. Only a
mobile phone may be somebody's own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from shared.masks.hiding import Secrets
from shared.masks.names import starred_name
from shared.masks.records import is_named_openly, is_natural, masked_person
from shared.masks.values import masked_phone, region_of
from shared.text import normal_phone

COMPLAINANT, IDENTITY, PARTIES = "complainant", "identity", "parties"
RESPONDENT, WORDS = "respondent", "words"
"""What can be looked at behind the mask, each by itself."""
OF_IDENTITY = frozenset({"id_number", "address"})
"""Of a complainant: who wants to call them needs neither."""
MATTER = ("subject", "text", "place", "goods_or_service", "order_no")
"""What people write of the matter."""
RUNNING = frozenset({*MATTER, "note", "consent_override", "authority"})
"""Words that people write freely: what names and numbers they hold is hidden where it stands."""
LISTED = "evidence"
"""Running words, several of them."""
FORMERLY = "formerly"
"""Names and addresses that were corrected, and may still stand in what was written."""
HIDDEN_IN_WORDS = ("name", "address", "phone", "id_number")
"""What of people is hidden where they repeat it."""
MOBILE = 11
SHORTEST_STREET = 4
"""Characters: what is shorter stands in many texts for something else."""
_REGIONS = re.compile(
    r"^.{0,30}?(?:省|自治区|市)?(?:[^省市区县]{1,12}市)?[^省市区县]{1,12}[区县](?=.)"
)
"""What a Chinese address begins with: province, city, district."""


def masked_record(
    record: Mapping[str, Any], opened: AbstractSet[str] = frozenset()
) -> dict[str, Any]:
    """A record as somebody sees it who looked at some parts of it.

    Its members are `complainant`, `agent`, `joint`, `respondent`, `matter`, `evidence` and `files`;
    those that are lacking stay so, others stay as they are. What was corrected is not shown.
    """
    secrets = secrets_in(record)
    masks: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
        "agent": (PARTIES, lambda one: masked_agent(one, secrets)),
        "joint": (PARTIES, masked_joint),
        "respondent": (RESPONDENT, masked_operator),
        "matter": (WORDS, lambda one: masked_words(one, secrets)),
        LISTED: (WORDS, lambda one: masked_word(LISTED, one, secrets)),
        "files": (WORDS, lambda some: [masked_file(one, secrets) for one in some]),
    }
    shown = {name: value for name, value in record.items() if name != FORMERLY}
    for name, (part, mask) in masks.items():
        if part not in opened and shown.get(name):
            shown[name] = mask(shown[name])
    if shown.get("complainant"):
        shown["complainant"] = masked_complainant(shown["complainant"], opened)
    return shown


def masked_complainant(
    facts: Mapping[str, Any], opened: AbstractSet[str] = frozenset()
) -> dict[str, Any]:
    """Who complains, as somebody sees them who looked at some parts."""
    shown = masked_person(facts) or {}
    return {
        name: facts[name] if part_of(name) in opened else value for name, value in shown.items()
    }


def part_of(name: str) -> str:
    """The part in which a field of the complainant is looked at."""
    return IDENTITY if name in OF_IDENTITY else COMPLAINANT


def secrets_in(record: Mapping[str, Any]) -> Secrets:
    """Who speaks in a record, and where they live."""
    return secrets_of(people_in(record))


def people_in(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Everybody who speaks in a record, and what its complainant was called before a correction."""
    joint = record.get("joint") or {}
    named = [{"name": one} for one in joint.get("representatives") or ()]
    first = (record.get("complainant"), record.get("agent"), *(joint.get("people") or ()))
    return [one for one in (*first, *named, *(record.get(FORMERLY) or ())) if one]


def secrets_of(people: Iterable[Mapping[str, Any] | None]) -> Secrets:
    """Names, numbers and addresses of people; an organisation is called by its name."""
    known = [one for one in people if one]
    named = [one for one in known if one.get("name") and not is_named_openly(one)]
    names = tuple(dict.fromkeys(one["name"] for one in named))
    streets = [part for one in known for part in streets_in(one.get("address"))]
    numbers = [tuple(dict.fromkeys(values_of(known, name))) for name in ("phone", "id_number")]
    return Secrets(names, tuple(dict.fromkeys(streets)), *numbers)


def values_of(people: Iterable[Mapping[str, Any]], name: str) -> Iterator[str]:
    """One field of everybody of whom it is known."""
    return (one[name] for one in people if one.get(name))


def streets_in(address: str | None) -> list[str]:
    """An address as people repeat it: whole, and without province, city and district."""
    whole = (address or "").strip()
    forms = (whole, _REGIONS.sub("", whole), whole.removeprefix(region_of(whole)))
    return [one for one in dict.fromkeys(forms) if len(one) >= SHORTEST_STREET]


def replaced_in(person: Mapping[str, Any], corrected: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What of somebody a correction replaces and texts may still hold, as people to be hidden."""
    return [
        {name: person[name], **kind_of(person)}
        for name in HIDDEN_IN_WORDS
        if name in corrected and person.get(name) and person[name] != corrected[name]
    ]


def kind_of(person: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody is who is no person (自然人); nothing of people."""
    return {} if is_natural(person) else {"kind": person["kind"]}


def masked_words(words: Mapping[str, Any], secrets: Secrets) -> dict[str, Any]:
    """What was written freely; codes, sums and days stay."""
    return {name: masked_word(name, value, secrets) for name, value in words.items()}


def masked_word(name: str, value: Any, secrets: Secrets) -> Any:
    """One of the words of a record, by its name."""
    if name in RUNNING and isinstance(value, str):
        return secrets.hidden_in(value)
    if name == LISTED and isinstance(value, list | tuple):
        return [secrets.hidden_in(one) if isinstance(one, str) else one for one in value]
    return value


def masked_file(file: Mapping[str, Any], secrets: Secrets) -> dict[str, Any]:
    """A file of evidence; its name is what somebody wrote."""
    return {**file, "name": secrets.hidden_in(file["name"])}


def masked_agent(agent: Mapping[str, Any], secrets: Secrets) -> dict[str, Any]:
    """Who acts for the complainant, and what for (委托事项)."""
    return masked_words(masked_person(agent) or {}, secrets)


def masked_joint(joint: Mapping[str, Any]) -> dict[str, Any]:
    """Who complains together with the complainant (共同投诉)."""
    people = [masked_person(one) for one in joint.get("people") or ()]
    named = [starred_name(one) for one in joint.get("representatives") or ()]
    return {**joint, "people": people, "representatives": named}


def masked_operator(respondent: Mapping[str, Any]) -> dict[str, Any]:
    """Who is complained of."""
    return {name: masked_business(name, value) for name, value in respondent.items()}


def masked_business(name: str, value: Any) -> Any:
    """One field of the respondent: a mobile phone of the mainland is hidden."""
    return masked_phone(value) if name == "phone" and is_mobile(value) else value


def is_mobile(value: Any) -> bool:
    """Whether it is a mobile phone of the mainland."""
    digits = normal_phone(value or "") if isinstance(value, str | None) else ""
    return len(digits) == MOBILE and digits.startswith("1")
