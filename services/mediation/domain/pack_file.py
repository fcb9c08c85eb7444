"""A rule pack read from its data; everything wrong with the data is named at once."""

from collections.abc import Mapping
from typing import Any

from services.mediation.domain.case import RUNNING, Step
from services.mediation.domain.legal_clock import Period, Roll, Unit
from services.mediation.domain.rule_pack import (
    RECEIVED,
    ClockRule,
    ExtensionRule,
    Pack,
    Reason,
    Words,
)

LANGUAGES = ("zh", "en")
FIELDS = {
    "id",
    "version",
    "name",
    "institution",
    "jurisdiction",
    "valid_from",
    "valid_to",
    "clocks",
    "acceptance",
    "refuse",
    "fail",
    "steps",
}


class BrokenPackError(Exception):
    """A rule pack that cannot be applied; `faults` name each place and what is wrong there."""

    def __init__(self, pack: str, faults: list[str]) -> None:
        super().__init__(f"{pack}: " + "; ".join(faults))
        self.faults = faults


def pack_of(data: Mapping[str, Any]) -> Pack:
    """The pack that these data describe. Raises BrokenPackError with every fault found."""
    faults = faults_of(data)
    if faults:
        raise BrokenPackError(str(data.get("id", "?")), faults)
    return Pack(
        id=data["id"],
        version=data["version"],
        name=words(data["name"]),
        institution=data["institution"],
        jurisdiction=data["jurisdiction"],
        valid_from=data["valid_from"],
        valid_to=data["valid_to"],
        clocks={name: clock_of(name, one) for name, one in data["clocks"].items()},
        acceptance=tuple(map(words, data["acceptance"])),
        refuse=tuple(map(reason_of, data["refuse"])),
        fail=tuple(map(reason_of, data["fail"])),
        steps={Step(name): words(one) for name, one in data["steps"].items()},
    )


def words(data: Mapping[str, str]) -> Words:
    return Words(zh=data["zh"], en=data["en"])


def reason_of(data: Mapping[str, Any]) -> Reason:
    return Reason(data["number"], data["code"], words(data["label"]), words(data["source"]))


def clock_of(name: str, data: Mapping[str, Any]) -> ClockRule:
    longer = data.get("extension")
    return ClockRule(
        name=name,
        label=words(data["label"]),
        trigger=words(data["trigger"]),
        starts_with=data["starts_with"],
        period=Period(data["amount"], Unit(data["unit"]), Roll(data["roll"])),
        source=words(data["source"]),
        designated=data.get("designated", False),
        pauses=tuple(data.get("pauses", ())),
        extension=ExtensionRule(longer["amount"], longer["approver"], words(longer["source"]))
        if longer
        else None,
    )


def faults_of(data: Mapping[str, Any]) -> list[str]:
    """Everything that keeps the data from being a pack, each with its place."""
    missing = [f"{name} is missing" for name in sorted(FIELDS - set(data))]
    if missing:
        return missing
    found = [f"{name} is unknown" for name in sorted(set(data) - FIELDS)]
    if data["valid_to"] is not None and data["valid_to"] < data["valid_from"]:
        found.append("valid_to lies before valid_from")
    found += [fault for name, one in data["clocks"].items() for fault in clock_faults(name, one)]
    needed = {clock for clocks in RUNNING.values() for clock in clocks}
    found += [f"clocks/{name} is missing" for name in sorted(needed - set(data["clocks"]))]
    for name in ("refuse", "fail"):
        found += reason_faults(name, data[name])
    found += [f"steps/{step.value} has no source" for step in Step if step not in data["steps"]]
    known = {step.value for step in Step}
    found += [f"steps/{name} is unknown" for name in data["steps"] if name not in known]
    for place, one in (("name", data["name"]), *data["steps"].items()):
        found += words_faults(f"{place}", one)
    return found


def clock_faults(name: str, data: Mapping[str, Any]) -> list[str]:
    at = f"clocks/{name}"
    needed = ("label", "trigger", "starts_with", "amount", "unit", "roll", "source")
    missing = [f"{at}/{field} is missing" for field in needed if field not in data]
    if missing:
        return missing
    found = []
    if not isinstance(data["amount"], int) or data["amount"] < 1:
        found.append(f"{at}/amount must be a number of days, at least 1")
    if data["unit"] not in {unit.value for unit in Unit}:
        found.append(f"{at}/unit is unknown: {data['unit']}")
    if data["roll"] not in {roll.value for roll in Roll}:
        found.append(f"{at}/roll is unknown: {data['roll']}")
    if data["starts_with"] not in {RECEIVED, *(step.value for step in Step)}:
        found.append(f"{at}/starts_with is no step: {data['starts_with']}")
    if data["unit"] == Unit.WORKING_DAYS and data["roll"] != Roll.NONE:
        found.append(f"{at}/roll: a period of working days ends on a working day anyway")
    for field in ("label", "trigger", "source"):
        found += words_faults(f"{at}/{field}", data[field])
    return found


def reason_faults(place: str, reasons: list[Mapping[str, Any]]) -> list[str]:
    numbers = [one.get("number") for one in reasons]
    codes = [one.get("code") for one in reasons]
    found = []
    if numbers != list(range(1, len(reasons) + 1)):
        found.append(f"{place}: numbers must run from 1 without a gap")
    if len(set(codes)) != len(codes):
        found.append(f"{place}: a code stands twice")
    for one in reasons:
        for field in ("label", "source"):
            found += words_faults(f"{place}/{one.get('number')}/{field}", one.get(field))
    return found


def words_faults(place: str, data: Any) -> list[str]:
    if not isinstance(data, Mapping):
        return [f"{place} needs words in zh and en"]
    return [f"{place} has no {language}" for language in LANGUAGES if not data.get(language)]
