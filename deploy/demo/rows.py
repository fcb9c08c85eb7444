"""A story as rows and events: made by the very functions that real complaints go through."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from deploy.demo.stories import Story, Taken
from services.intake.use_cases import receiving
from services.intake.use_cases.receiving import Sender, submitted
from services.intake.use_cases.submission import ComplaintForm
from services.mediation import announcements
from services.mediation.domain.calendar import Calendar
from services.mediation.domain.case import Step, advance
from services.mediation.domain.due import due
from services.mediation.domain.legal_clock import deadline
from services.mediation.domain.log import NOTHING_BEFORE
from services.mediation.domain.rule_pack import Pack
from services.mediation.ports import Record
from services.mediation.tables import (
    SEALED_WORDS,
    CaseLogRow,
    CaseLookupRow,
    CaseRow,
    CaseWordsRow,
    ForwardingRow,
)
from services.mediation.use_cases import opening
from services.mediation.use_cases.acting import standing_of
from services.mediation.use_cases.effects import EFFECTS, Act, Effect, as_values
from services.mediation.use_cases.keeping import SYSTEM, Actor, Entry, log_row
from services.mediation.use_cases.rules import pack_of_case
from services.mediation.use_cases.words import copy_of, dumped, lookups_of
from shared.bodies import Bodies
from shared.clock import local_day
from shared.events import CaseForwarded, ComplaintReceived, Event
from shared.vault import Vault

if TYPE_CHECKING:
    from shared.work import Work

CALLER = "demo"
Rows = dict[type[Any], list[dict[str, Any]]]
Answer = TypeVar("Answer")


@dataclass
class Gathering:
    """Stands where a transaction stands: keeps the rows it is given, to be inserted in bulk."""

    vault: Vault
    now: datetime
    rows: Rows = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    async def insert(self, table: type[Any], rows: list[dict[str, Any]]) -> None:
        self.rows.setdefault(table, []).extend(rows)

    def keep(self, table: type[Any], row: dict[str, Any]) -> None:
        self.rows.setdefault(table, []).append(row)


@dataclass(frozen=True)
class Around:
    """What stories are turned into rows with."""

    vault: Vault
    calendar: Calendar
    bodies: Bodies
    mediator: UUID | None
    """The demonstration body's mediator, who takes the steps."""
    starts: dict[date, dict[str, Any]] = field(default_factory=dict)
    clocks: dict[tuple[str, int, str, date], dict[str, Any]] = field(default_factory=dict)

    def beginning(self, day: date) -> dict[str, Any]:
        """What all cases received on one day begin with."""
        if day not in self.starts:
            self.starts[day] = opening.beginning(day, self.calendar)
        return self.starts[day]

    def clock(self, pack: Pack, name: str, day: date) -> dict[str, Any]:
        """The derivation of a clock that starts on a day."""
        key = (pack.id, pack.version, name, day)
        if key not in self.clocks:
            period = pack.clock(name).period
            self.clocks[key] = deadline(period, day, self.calendar).derivation()
        return self.clocks[key]

    def bare(self) -> "Around":
        """The same without anything opened or remembered, to be sent to another process."""
        vault = Vault(self.vault.root, self.vault.active, dict(self.vault.keys))
        return Around(vault, self.calendar, self.bodies, self.mediator)

    @property
    def actor(self) -> Actor:
        return Actor("staff", self.mediator, "mediator") if self.mediator else SYSTEM


@dataclass
class Told:
    """One story as rows: the complaint, its case, and the forwardings that need letters."""

    key: str
    complaint: dict[str, Any]
    received: ComplaintReceived
    document: Mapping[str, Any]
    case: Gathering
    forwarded: list[CaseForwarded]


def told(story: Story, around: Around) -> Told:
    """Everything intake and mediation keep of a story, and what they say."""
    key = f"{story.seed}/{story.index}"
    form = ComplaintForm.model_validate(story.complaint)
    submission = submitted(
        form, Sender(CALLER, trusted=True), key, around.bodies, story.received_at
    )
    row = receiving.row_of(submission, story.received_at, around.vault)
    received = receiving.received(row)
    case = case_of(received, story, around)
    forwarded = [event for event in case.events if isinstance(event, CaseForwarded)]
    return Told(key, row, received, story.complaint, case, forwarded)


def case_of(received: ComplaintReceived, story: Story, around: Around) -> Gathering:
    """The case of a complaint, from its opening to where it stands."""
    moment = story.received_at + timedelta(seconds=Random(story.index).uniform(0.1, 2))  # noqa: S311 - a story
    gathering = Gathering(around.vault, moment)
    start = around.beginning(local_day(received.received_at))
    columns = opening.case_columns(received, start, moment)
    log = log_row(
        around.vault, columns["id"], 1, NOTHING_BEFORE, (moment, SYSTEM, opening.entry(columns))
    )
    gathering.keep(CaseLogRow, log)
    gathering.events.append(announcements.opened(columns, moment))
    case = SimpleNamespace(**NEW_CASE, **columns, chain=log["hash"])
    for taken in story.steps:
        take(gathering, case, taken, around)
    gathering.keep(CaseRow, {name: vars(case)[name] for name in CASE_COLUMNS})
    keep_words(gathering, case.id, story.complaint)
    return gathering


CASE_COLUMNS = tuple(column.name for column in CaseRow.__table__.columns)
NEW_CASE = {
    "assignee": None, "accepted_on": None, "forwarded_on": None, "replied_on": None,
    "reason": None, "outcome": None, "closed_on": None, "recovered_fen": None,
}  # fmt: skip
"""What a new case does not have yet."""


@dataclass(frozen=True)
class DemoAct(Act):
    """An act whose dates are computed once per day."""

    around: Around

    def clock(self, name: str) -> dict[str, Any]:
        return dict(self.around.clock(self.pack, name, self.today))


def take(gathering: Gathering, case: SimpleNamespace, taken: Taken, around: Around) -> None:
    """One step, by the same rules as a person's."""
    step, row = Step(taken.step), cast("CaseRow", case)
    if step is Step.TAKE and around.mediator is None:
        return
    gathering.now = taken.at
    act = DemoAct(
        work=cast("Work", gathering),
        case=row,
        pack=pack_of_case(case.pack, case.pack_version),
        calendar=around.calendar,
        today=local_day(taken.at),
        actor=around.actor,
        facts=taken.facts,
        to=advance(standing_of(row), step),
        around=around,
    )
    effect = at_once(EFFECTS[step](act))
    written(gathering, act, step, effect)
    gathering.events.append(announcements.stepped(row, step, effect.said, taken.at))


def at_once(work: Awaitable[Answer]) -> Answer:
    """The answer of a coroutine that has nothing to wait for."""
    try:
        work.__await__().send(None)
    except StopIteration as done:
        answer: Answer = done.value
        return answer
    raise RuntimeError("A story waits for nothing.")


def written(gathering: Gathering, act: Act, step: Step, effect: Effect) -> None:
    """The step in the log, and the case after it."""
    case = act.case
    clocks = case.clocks if effect.clocks is None else effect.clocks
    first = due(act.to, clocks)
    entry = Entry(
        step=step.value,
        rule=f"{act.pack.id}@{act.pack.version}",
        source=act.pack.steps[step].zh,
        before=case.state,
        after=act.to.value,
        values=as_values(act.facts, effect.said),
    )
    version = case.version + 1
    log = log_row(gathering.vault, case.id, version, case.chain, (gathering.now, act.actor, entry))
    gathering.keep(CaseLogRow, log)
    vars(case).update(
        {
            **effect.columns,
            "state": act.to.value,
            "version": version,
            "clocks": clocks,
            "due_on": first.on,
            "due_for": first.clock,
            "due_status": first.status,
            "queue_on": first.queue_on,
            "chain": log["hash"],
            "changed_at": gathering.now,
        }
    )


def keep_words(gathering: Gathering, case_id: UUID, complaint: Mapping[str, Any]) -> None:
    """Mediation's sealed copy, and the blind indexes it is found by."""
    copy = copy_of(
        Record(
            case_id,
            complaint["complainant"] or {},
            complaint["respondent"] or {},
            complaint["matter"],
        )
    )
    sealed = gathering.vault.seal(dumped(copy), SEALED_WORDS, case_id)
    gathering.keep(CaseWordsRow, {"case_id": case_id, "words": sealed, "fetched_at": gathering.now})
    for kind, token in lookups_of(gathering.vault, copy):
        gathering.keep(CaseLookupRow, {"kind": kind, "token": token, "case_id": case_id})


TABLES = (CaseRow, CaseLogRow, CaseWordsRow, CaseLookupRow, ForwardingRow)
"""Mediation's tables, in the order they are filled."""
