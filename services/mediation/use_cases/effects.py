"""What each step does to a case: its columns, its clocks, what it says, what the log keeps."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.mediation.domain.calendar import Calendar
from services.mediation.domain.case import (
    OUTCOMES,
    REFUSED,
    State,
    Step,
    check_replied_on,
    check_reply_due,
)
from services.mediation.domain.corrections import (
    RESPONDENT,
    FieldNeededError,
    WrongValueError,
    check_changes,
    check_respondent,
)
from services.mediation.domain.due import day_of, designated
from services.mediation.domain.legal_clock import deadline
from services.mediation.domain.rule_pack import Pack
from services.mediation.tables import CaseRow, ForwardingRow
from services.mediation.use_cases.keeping import Actor
from services.mediation.use_cases.words import tidied, tidy
from shared.kernel import RuleError, RuleErrors
from shared.terms import CATEGORIES, Nature, is_region

Clocks = dict[str, Any]
CODES: Mapping[str, Callable[[str], bool]] = {
    "/matter/region": is_region,
    "/matter/category": CATEGORIES.__contains__,
    "/matter/nature": {one.value for one in Nature}.__contains__,
}


class NobodyToTakeItError(RuleError):
    """A service cannot take a case."""


@dataclass(frozen=True)
class Act:
    """One step on one case, before it is kept."""

    case: CaseRow
    pack: Pack
    calendar: Calendar
    today: date
    actor: Actor
    facts: Mapping[str, Any]
    """What the person gave, already of the right types."""
    to: State

    def clock(self, name: str) -> dict[str, Any]:
        """The derivation of a clock of the pack that starts today."""
        return deadline(self.pack.clock(name).period, self.today, self.calendar).derivation()

    @property
    def clocks(self) -> Clocks:
        """A copy of the case's clocks."""
        return dict(self.case.clocks)

    def need(self, name: str, sentence: str) -> Any:
        """A fact that must be there. Raises FieldNeededError."""
        if not self.facts.get(name):
            raise FieldNeededError(sentence, pointer=f"/{name}")
        return self.facts[name]


@dataclass(frozen=True)
class Effect:
    """What a step changes and says."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    clocks: Clocks | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    """Public facts of the event: codes and days."""
    kept: Mapping[type[Any], Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """Rows of other tables."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Corrections of the record, by JSON pointer."""


def accept(act: Act) -> Effect:
    """Accept the complaint (受理): the clocks of forwarding and mediation start."""
    clocks = act.clocks | {"forward": act.clock("forward"), "mediate": act.clock("mediate")}
    said = {
        "accepted_on": act.today,
        "forward_due": day_of(clocks["forward"]),
        "mediate_due": day_of(clocks["mediate"]),
    }
    return Effect({"accepted_on": act.today}, clocks, said)


def refuse(act: Act) -> Effect:
    """Refuse it (不予受理) for a numbered reason; that closes the case."""
    reason = act.pack.reason(Step.REFUSE, act.facts.get("reason"))
    columns = {"reason": reason.code, "outcome": REFUSED, "closed_on": act.today}
    return Effect(columns, said={"reason": reason.code})


def name_respondent(act: Act) -> Effect:
    """Say who the respondent (被投诉人) is."""
    changes = check_respondent(respondent_in(act.facts))
    return Effect({"respondent_known": True}, said={"fields": tuple(changes)}, changes=changes)


def amend(act: Act) -> Effect:
    """Correct the record (更正); intake is told, the log keeps what was given."""
    changes = check_changes(tidied(act.facts.get("changes") or {}), act.today)
    check_codes(changes)
    known = bool(changes.get("/respondent/name", act.case.respondent_known))
    return Effect({"respondent_known": known}, said={"fields": tuple(changes)}, changes=changes)


def respondent_in(facts: Mapping[str, Any]) -> dict[str, str | None]:
    """What was given of the respondent, tidied."""
    return {name: tidy(f"/respondent/{name}", facts.get(name)) for name in RESPONDENT}


def check_codes(changes: Mapping[str, Any]) -> None:
    """Codes must be on their lists. Raises RuleErrors."""
    faults: list[RuleError] = [
        WrongValueError("没有「{code}」这个代码。", pointer=pointer, code=changes[pointer])
        for pointer, known in CODES.items()
        if changes.get(pointer) and not known(changes[pointer])
    ]
    if faults:
        raise RuleErrors(faults)


def forward(act: Act) -> Effect:
    """Send it to the respondent (转送): a letter is owed, the day of the reply is named."""
    named, limit = act.facts.get("reply_due"), day_of(act.case.clocks["mediate"])
    if named:
        check_reply_due(named, act.today, limit if limit > act.today else None)
    clock = designated(act.clock("reply"), named)
    serial, due_on = act.case.serial + 1, day_of(clock)
    row = {
        "case_id": act.case.id,
        "serial": serial,
        "forwarded_on": act.today,
        "reply_due": due_on,
        "mediator": act.actor.id if act.actor.kind == "staff" else None,
    }
    columns = {"serial": serial, "forwarded_on": act.today, "replied_on": None}
    said = {"serial": serial, "forwarded_on": act.today, "reply_due": due_on}
    return Effect(columns, act.clocks | {"reply": clock}, said, {ForwardingRow: [row]})


def record_reply(act: Act) -> Effect:
    """Record what the respondent answered (商家答复), and on which day it came."""
    act.need("text", "请写明商家怎么答复。")
    replied_on = act.facts.get("replied_on") or act.today
    check_replied_on(replied_on, act.case.forwarded_on or act.today, act.today)
    in_time = replied_on <= day_of(act.case.clocks["reply"])
    return Effect({"replied_on": replied_on}, said={"replied_on": replied_on, "in_time": in_time})


def agree(act: Act) -> Effect:
    """The parties agreed (达成协议): what on, and what was recovered."""
    act.need("text", "请写明协议的内容。")
    recovered = act.facts.get("recovered_fen")
    return Effect({"recovered_fen": recovered}, said={"recovered_fen": recovered})


def fail(act: Act) -> Effect:
    """The mediation failed (调解不成), for a numbered reason."""
    reason = act.pack.reason(Step.FAIL, act.facts.get("reason"))
    return Effect({"reason": reason.code}, said={"reason": reason.code})


def withdraw(_: Act) -> Effect:
    """The complainant withdrew (撤回)."""
    return Effect()


def close(act: Act) -> Effect:
    """Close the case (结案) as what it ended in."""
    outcome = OUTCOMES[State(act.case.state)]
    said = {
        "outcome": outcome,
        "closed_on": act.today,
        "recovered_fen": act.case.recovered_fen,
    }
    return Effect({"outcome": outcome, "closed_on": act.today}, said=said)


def reopen(act: Act) -> Effect:
    """Take it up again (重新办理): today is day 0 of the clocks that start anew."""
    act.need("note", "请写明为什么重新办理。")
    names = ["accept"] if act.to is State.REGISTERED else ["mediate"]
    if act.to is State.ACCEPTED and not act.case.serial:
        names.append("forward")
    kept = {name: one for name, one in act.clocks.items() if name == "accept"}
    columns = {"outcome": None, "closed_on": None, "reason": None, "recovered_fen": None}
    return Effect(columns, kept | {name: act.clock(name) for name in names})


def assign(act: Act) -> Effect:
    """Give the case to a colleague, or to nobody (分派)."""
    assignee = act.facts.get("assignee")
    return Effect({"assignee": assignee}, said={"assignee": assignee})


def take(act: Act) -> Effect:
    """Take the case oneself (接办)."""
    if act.actor.kind != "staff":
        raise NobodyToTakeItError("只有工作人员可以接办案件。")
    return Effect({"assignee": act.actor.id}, said={"assignee": act.actor.id})


def note(act: Act) -> Effect:
    """Add a note (备注)."""
    act.need("text", "请写备注的内容。")
    return Effect(said={"fields": ()})


EFFECTS: dict[Step, Callable[[Act], Effect]] = {
    Step.ACCEPT: accept,
    Step.REFUSE: refuse,
    Step.NAME_RESPONDENT: name_respondent,
    Step.FORWARD: forward,
    Step.RECORD_REPLY: record_reply,
    Step.AGREE: agree,
    Step.FAIL: fail,
    Step.WITHDRAW: withdraw,
    Step.CLOSE: close,
    Step.REOPEN: reopen,
    Step.ASSIGN: assign,
    Step.TAKE: take,
    Step.AMEND: amend,
    Step.NOTE: note,
}


def as_values(facts: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What the log keeps of a step, as plain JSON values."""
    plain: dict[str, Any] = json.loads(json.dumps({**said, **facts}, default=str))
    return {name: value for name, value in plain.items() if value is not None}
