"""A story as rows and events: made by the very functions that real complaints go through."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from deploy.demo.identity import Identity, Telling
from deploy.demo.log import log_row
from deploy.demo.received import received, row_of
from deploy.demo.said import Said
from deploy.demo.stories import Story, Taken
from services.mediation.announcements import SAYS
from services.mediation.domain.calendar import Calendar
from services.mediation.domain.case import Standing, State, Step, advance
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
from services.mediation.use_cases.effects import EFFECTS, Act, Effect
from services.mediation.use_cases.keeping import SYSTEM, Actor
from services.mediation.use_cases.rules import pack_of_case
from services.mediation.use_cases.words import copy_of, dumped, lookups_of
from shared.bodies import Bodies
from shared.bulk import plain_default
from shared.clock import local_day
from shared.events import CaseEvent, CaseForwarded, CaseOpened
from shared.vault import Vault
from shared.work import table_of

if TYPE_CHECKING:
    from shared.events import ComplaintReceived

Rows = dict[type[Any], list[dict[str, Any]]]


@dataclass
class Gathering:
    """What a story leaves in the books of mediation, and what is said of it."""

    rows: Rows = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)

    def keep(self, table: type[Any], *rows: dict[str, Any]) -> None:
        self.rows.setdefault(table, []).extend(rows)


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
    """One story as rows and events: the complaint, and its case."""

    identity: Identity
    complaint: dict[str, Any]
    document: Mapping[str, Any]
    rows: Rows
    """Of mediation."""
    said: list[Said]
    """By intake first, then by mediation."""

    @property
    def forwarded(self) -> list[Said]:
        """The forwardings that need letters."""
        return [one for one in self.said if one.kind is CaseForwarded]


def told(story: Story, telling: Telling, around: Around) -> Told:
    """Everything intake and mediation keep of a story, and what they say."""
    identity = Identity(around.vault, telling, story.index)
    row = row_of(story, telling, identity, around.vault)
    heard = received(row, identity)
    case = case_of(heard, story, Teller(identity, around))
    return Told(identity, row, story.complaint, case.rows, [heard, *case.said])


@dataclass(frozen=True)
class Teller:
    """Tells one case."""

    identity: Identity
    around: Around
    gathered: Gathering = field(default_factory=Gathering)

    def say(
        self, kind: type[CaseEvent], at: datetime, case: SimpleNamespace, facts: Mapping[str, Any]
    ) -> None:
        """What a step says, as `services.mediation.announcements` says it."""
        common = {
            "version": case.version,
            "case_id": case.id,
            "body": case.body,
            "state": case.state,
            "due_on": case.due_on,
            "due_for": case.due_for,
        }
        said = Said(
            kind, self.identity.step(case.version), at, case.complaint_id, {**common, **facts}
        )
        self.gathered.said.append(said)


def case_of(heard: Said, story: Story, teller: Teller) -> Gathering:
    """The case of a complaint, from its opening to where it stands."""
    identity, around = teller.identity, teller.around
    moment = story.received_at + timedelta(seconds=0.1 + 1.9 * identity.share())
    start = around.beginning(local_day(story.received_at))
    complaint = SimpleNamespace(complaint_id=heard.complaint_id, **heard.facts)
    columns = opening.case_columns(cast("ComplaintReceived", complaint), start, moment)
    columns["id"] = identity.case
    entry = vars(opening.entry(columns))
    nothing = {"id": identity.case, "version": 0, "chain": NOTHING_BEFORE}
    log = log_row(around.vault, nothing, moment, SYSTEM, entry)
    teller.gathered.keep(CaseLogRow, log)
    case = SimpleNamespace(**(NEW_CASE | columns | {"chain": log["hash"]}))
    teller.say(CaseOpened, moment, case, {})
    for taken in story.steps:
        take(teller, case, taken)
    teller.gathered.keep(CaseRow, vars(case))
    keep_words(teller, case, story.complaint)
    return teller.gathered


NEW_CASE = {column.name: plain_default(column) for column in table_of(CaseRow).columns}
"""What a new case starts with, besides what its complaint says."""


@dataclass(frozen=True)
class DemoAct(Act):
    """An act whose dates are computed once per day."""

    around: Around

    def clock(self, name: str) -> dict[str, Any]:
        return dict(self.around.clock(self.pack, name, self.today))


def take(teller: Teller, case: SimpleNamespace, taken: Taken) -> None:
    """One step, by the same rules as a person's."""
    around, step = teller.around, Step(taken.step)
    if step is Step.TAKE and around.mediator is None:
        return
    standing = Standing(State(case.state), case.respondent_known, case.accepted_on is not None)
    act = DemoAct(
        case=cast("CaseRow", case),
        pack=pack_of_case(case.pack, case.pack_version),
        calendar=around.calendar,
        today=local_day(taken.at),
        actor=around.actor,
        facts=taken.facts,
        to=advance(standing, step),
        around=around,
    )
    effect = EFFECTS[step](act)
    written(teller, act, taken, effect)
    teller.say(SAYS[step], taken.at, case, effect.said)


def written(teller: Teller, act: Act, taken: Taken, effect: Effect) -> None:
    """The step in the log, and the case after it."""
    case = act.case
    clocks = case.clocks if effect.clocks is None else effect.clocks
    first = due(act.to, clocks)
    entry = {
        "step": taken.step,
        "rule": f"{act.pack.id}@{act.pack.version}",
        "source": act.pack.steps[Step(taken.step)].zh,
        "before": case.state,
        "after": act.to.value,
        "values": {**effect.said, **act.facts},
    }
    log = log_row(teller.around.vault, vars(case), taken.at, act.actor, entry)
    teller.gathered.keep(CaseLogRow, log)
    for table, rows in effect.kept.items():
        teller.gathered.keep(table, *map(dict, rows))
    vars(case).update(
        {
            **effect.columns,
            "state": act.to.value,
            "version": log["seq"],
            "clocks": clocks,
            "due_on": first.on,
            "due_for": first.clock,
            "due_status": first.status,
            "queue_on": first.queue_on,
            "chain": log["hash"],
            "changed_at": taken.at,
        }
    )


def keep_words(teller: Teller, case: SimpleNamespace, complaint: Mapping[str, Any]) -> None:
    """Mediation's sealed copy, and the blind indexes it is found by."""
    vault, gathered = teller.around.vault, teller.gathered
    copy = copy_of(
        Record(
            case.id,
            complaint["complainant"] or {},
            complaint["respondent"] or {},
            complaint["matter"],
        )
    )
    sealed = vault.seal(dumped(copy), SEALED_WORDS, case.id)
    row = {"case_id": case.id, "words": sealed, "fetched_at": case.opened_at}
    gathered.keep(CaseWordsRow, row)
    for kind, token in lookups_of(vault, copy):
        gathered.keep(CaseLookupRow, {"kind": kind, "token": token, "case_id": case.id})


TABLES = (CaseRow, CaseLogRow, CaseWordsRow, CaseLookupRow, ForwardingRow)
"""Mediation's tables, in the order they are filled."""
