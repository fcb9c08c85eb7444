"""Who somebody is in a record, and what of the others must not be told (他人信息隐去)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.mediation.ports import Record
from shared.masks import masked_person, masked_text
from shared.record.identity import Claimed

COMPLAINANT, AGENT, JOINT = "complainant", "agent", "joint"
REPORTER, RESPONDENT = "reporter", "respondent"
NOBODY = "nobody"

Someone = Mapping[str, Any]


@dataclass(frozen=True)
class Reporter:
    """What is kept apart of a report (举报): who speaks in it, and who of them asks."""

    identity: Mapping[str, Any] = field(repr=False)
    part: str


@dataclass(frozen=True)
class Mine:
    """The person in one case."""

    part: str
    """complainant, agent, joint, reporter or nobody."""
    data: Someone = field(repr=False)
    others: Sequence[tuple[str, Someone]] = field(repr=False)
    """Everybody else, masked, with their part."""
    names: Sequence[str] = field(repr=False)
    """The names of the others who speak: hidden in what was written."""

    @property
    def wrote(self) -> bool:
        """Whether the words of the case are theirs, not those of whom they stand for or beside."""
        return self.part in {COMPLAINANT, REPORTER}


def people_in(speakers: Mapping[str, Any]) -> dict[str, list[Someone]]:
    """Everybody who speaks in a record, by their part."""
    joint = (speakers.get("joint") or {}).get("people") or []
    parts = {COMPLAINANT: [speakers.get(COMPLAINANT)], AGENT: [speakers.get(AGENT)], JOINT: joint}
    return {part: [one for one in people if one] for part, people in parts.items()}


def speakers_of(record: Record) -> dict[str, Any]:
    """Who speaks in a complaint: complainant, agent and joint complainants."""
    words = record.words
    return {COMPLAINANT: record.complainant, **{one: words.get(one) for one in (AGENT, JOINT)}}


def mine_in(record: Record, who: Claimed, reporter: Reporter | None) -> Mine:
    """The person in a case. Where nobody in it fits, they are nobody: everybody is hidden."""
    speakers = reporter.identity if reporter else speakers_of(record)
    people = people_in(speakers)
    part, mine = placed(people, who, reporter.part if reporter else None)
    rest = [(name, one) for name, each in people.items() for one in each if one is not mine]
    masked = [(name, masked_person(one) or {}) for name, one in rest]
    if record.respondent:
        masked.append((RESPONDENT, masked_person(record.respondent) or {}))
    called = REPORTER if reporter and part == COMPLAINANT else part
    return Mine(called, mine, masked, [one["name"] for _, one in rest if one.get("name")])


def placed(
    people: Mapping[str, Sequence[Someone]], who: Claimed, known: str | None
) -> tuple[str, Someone]:
    """As whom somebody speaks, and what is kept of them; `known`: what somebody else has found."""
    parts = [known] if known else list(people)
    for agrees in (who.is_same, who.fits):
        for part in parts:
            for one in people[part]:
                if agrees(one):
                    return part, one
    return NOBODY, {}


def speaks_in(people: Mapping[str, Sequence[Someone]], who: Claimed) -> bool:
    """Whether somebody in a record that was named for them fits who they say they are."""
    return placed(people, who, None)[0] != NOBODY


def without(value: Any, names: Sequence[str]) -> Any:
    """What was written, without the names of the others; the person's own words stay."""
    if isinstance(value, str):
        return named_out(value, names)
    if isinstance(value, list):
        return [without(one, names) for one in value]
    return value


def named_out(text: str, names: Sequence[str]) -> str:
    for name in names:
        if name in text:
            text = text.replace(name, masked_text(name, [name]))
    return text


def known(facts: Someone) -> Iterator[tuple[str, Any]]:
    """What is known of somebody."""
    return ((name, value) for name, value in facts.items() if value not in (None, "", []))
