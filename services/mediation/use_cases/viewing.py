"""One case for the person who works on it: what may be done now, and the record as corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.mediation.domain.case import (
    LEADS_TO,
    ForwardingNotAgreedError,
    State,
    Step,
    hindrance,
    lawful,
    leads_to,
)
from services.mediation.domain.rule_pack import Pack, Words
from services.mediation.ports import FACTS, Record
from services.mediation.tables import CaseRow
from services.mediation.use_cases.acting import standing_of
from services.mediation.use_cases.allowing import Caller, steps_allowed
from services.mediation.use_cases.privacy.standing import Keeping
from services.mediation.use_cases.rules import pack_of_case
from services.mediation.use_cases.words import Known
from shared.kernel import RuleError
from shared.masks.complaints import FORMERLY, replaced_in


@dataclass(frozen=True)
class Possible:
    """A step that is lawful now, with its article."""

    step: Step
    source: Words
    to: State


@dataclass(frozen=True)
class Hindered:
    """A step that the state would allow, and what is missing for it."""

    step: Step
    source: Words
    why: RuleError

    @property
    def can_override(self) -> bool:
        """Whether a person may take it all the same, with a reason."""
        return isinstance(self.why, ForwardingNotAgreedError)


def pack_of(case: CaseRow) -> Pack:
    """The rules the case was opened under."""
    return pack_of_case(case.pack, case.pack_version)


NEED_WORDS = frozenset({Step.REOPEN, Step.AMEND, Step.NAME_RESPONDENT})
"""Steps that make no sense once the words of a case are erased."""


def possible_steps(case: CaseRow, caller: Caller, keeping: Keeping) -> list[Possible]:
    """What the caller may do now, in the order people meet it."""
    standing, pack, allowed = standing_of(case), pack_of(case), steps_allowed(caller, case)
    allowed -= NEED_WORDS if keeping.gone else frozenset()
    steps = [(step, leads_to(standing, step)) for step in lawful(standing) if step in allowed]
    return [Possible(step, pack.steps[step], to) for step, to in steps if to]


def hindered_steps(case: CaseRow, caller: Caller) -> list[Hindered]:
    """What the state and the caller's rights would allow, but something is missing."""
    standing, pack, allowed = standing_of(case), pack_of(case), steps_allowed(caller, case)
    here = [step for state, step in LEADS_TO if state is standing.state]
    reachable = [step for step in here if step in allowed]
    pairs = [(step, hindrance(standing, step)) for step in reachable]
    return [Hindered(step, pack.steps[step], why) for step, why in pairs if why]


def corrected(record: Record, changes: Sequence[Mapping[str, Any]]) -> Record:
    """The record with corrections on it that intake has not heard yet."""
    parts = {
        "complainant": Known(record.complainant),
        "respondent": Known(record.respondent),
        "matter": Known(record.words),
        "facts": Known(record.facts),
    }
    for one in changes:
        for pointer, value in one.items():
            _, part, name = pointer.split("/", 2)
            if part == "complainant":
                former = replaced_in(parts[part], {name: value})
                parts["matter"][FORMERLY] = [*(parts["matter"][FORMERLY] or ()), *former]
            parts["facts" if part == "matter" and name in FACTS else part][name] = value
    return Record(
        id=record.id,
        complainant=parts["complainant"],
        respondent=parts["respondent"],
        words=parts["matter"],
        files=record.files,
        facts=parts["facts"],
    )
