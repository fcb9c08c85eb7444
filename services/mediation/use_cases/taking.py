"""Steps that people take at the same moment are read, decided and kept together.

Each is answered by itself: who is refused harms no neighbour.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from services.mediation.domain.case import Step
from services.mediation.ports import Intake
from services.mediation.tables import CaseRow
from services.mediation.use_cases.acting import (
    case_of,
    changed_meanwhile,
    key_in,
    no_such_case,
    take_step,
)
from services.mediation.use_cases.allowing import Caller, action_of
from services.mediation.use_cases.calendar import calendar_for
from services.mediation.use_cases.correcting import ask, standing_in
from services.mediation.use_cases.deciding import Around, Decided, Request, decide
from services.mediation.use_cases.desk import SHOWN
from shared.hot import hot_of
from shared.hot_changes import Change, change, found
from shared.kernel import RuleError
from shared.work import Database, waiting

CORRECTING = frozenset({Step.NAME_RESPONDENT, Step.AMEND})
"""Steps that change the record."""
ALONE = CORRECTING | {Step.ASSIGN}
"""Steps that read or write more than the case, its log and its forwardings."""
READ = (*SHOWN, "respondent_named", "forwarding_consent", "pack", "pack_version", "clocks", "chain")
STEPPED = (
    "state", "version", "clocks", "due_on", "due_for", "due_status", "queue_on", "accepted_on",
    "serial", "forwarded_on", "replied_on", "reason", "outcome", "closed_on", "recovered_fen",
    "assignee", "chain", "changed_at",
)  # fmt: skip
"""The columns that nothing but a step changes: `version` says that they are as they were seen."""


def unnoticed(_: UUID) -> None:
    """Nobody wants to know which complaint it was about."""


@dataclass(frozen=True)
class Wanted:
    """A step that somebody wants to take on a case."""

    case: str
    """Its id, its complaint's id or its number."""
    caller: Caller
    request: Request
    noticed: Callable[[UUID], None] = unnoticed
    """Told the complaint's id as soon as it is known, so also where the step is then refused."""


Answer = CaseRow | Exception


async def take(database: Database, wanted: Wanted, intake: Intake) -> CaseRow:
    """Take a step; the case as it is then, for reading.

    Raises NoSuchCaseError, NotAllowedError, ChangedMeanwhileError, ImpossibleStepError, and what
    the step refuses;
    Unanswered and RecordMissingError where the record is to be corrected and cannot be read.
    """
    if wanted.request.step not in ALONE:
        return await database.together(take_together, wanted)
    if wanted.request.step in CORRECTING:
        return await take_correcting(database, wanted, intake)
    async with database.work() as work:
        case = await case_of(work.session, wanted.case, wanted.caller.sees)
        wanted.noticed(case.complaint_id)
        actor = wanted.caller.acting(action_of(wanted.request.step), case)
        return await take_step(work, case, wanted.request, actor)


async def take_correcting(database: Database, wanted: Wanted, intake: Intake) -> CaseRow:
    """Take a step that corrects the record: what it replaces is read first, and logged with it."""
    async with database.reading() as session:
        case = await case_of(session, wanted.case, wanted.caller.sees)
    wanted.noticed(case.complaint_id)
    wanted.caller.acting(action_of(wanted.request.step), case)
    asked = await ask(intake, database.clock(), case.complaint_id)
    async with database.work() as work:
        case = await case_of(work.session, wanted.case, wanted.caller.sees)
        actor = wanted.caller.acting(action_of(wanted.request.step), case)
        stood = await standing_in(work, case, asked)
        return await take_step(work, case, wanted.request, actor, stood)


async def take_together(database: Database, wanted: Sequence[Wanted]) -> Sequence[Answer]:
    """The answer to each, in order. Of two steps on one case the second sees what the first did."""
    now = database.clock()
    around = Around(database.vault, now, await calendar_for(database, now))
    cases = await cases_called(database, [one.case for one in wanted])
    group = Group(around)
    for at, one in enumerate(wanted):
        group.take(at, one, cases.get(key_in(one.case)))
    changes = [one.change for one in group.lawful.values()]
    group.settle(await change(hot_of(database), CaseRow, changes, "case_id"))
    group.answers |= await told(database, group.stale)
    group.answers |= await afterwards(database, {at: wanted[at] for at in group.later})
    return [group.answers[at] for at in range(len(wanted))]


@dataclass(frozen=True)
class Lawful:
    """A step that may be taken, by its place in the group."""

    at: int
    version: int | None
    """The version that the person saw."""
    change: Change
    after: CaseRow


@dataclass
class Group:
    """What comes of each step of a group, by its place."""

    around: Around
    answers: dict[int, Answer] = field(default_factory=dict)
    lawful: dict[UUID, Lawful] = field(default_factory=dict)
    """By the case; one step each."""
    stale: dict[int, UUID] = field(default_factory=dict)
    """Whoever saw an older version of a case."""
    later: list[int] = field(default_factory=list)
    """Steps on a case that another one of the group may be about to change, or that somebody
    changed meanwhile whose version was not asked for."""

    def take(self, at: int, wanted: Wanted, case: CaseRow | None) -> None:
        """Decide about one of them."""
        request = wanted.request
        if case is None or not wanted.caller.sees.admits(case):
            self.answers[at] = no_such_case(wanted.case).beyond("case", case.id if case else None)
            return
        wanted.noticed(case.complaint_id)
        if case.id in self.lawful:
            self.later.append(at)
        elif request.version not in {None, case.version}:
            self.stale[at] = case.id
        else:
            try:
                actor = wanted.caller.acting(action_of(request.step), case)
                decided = decide(self.around, case, request, actor)
            except RuleError as refusal:
                self.answers[at] = refusal
            else:
                change = change_of(case, decided, self.around.now)
                self.lawful[case.id] = Lawful(at, request.version, change, after(case, decided))

    def settle(self, done: Collection[UUID]) -> None:
        """Answer the lawful ones, now that it is known which cases changed."""
        for case_id, one in self.lawful.items():
            if case_id in done:
                self.answers[one.at] = one.after
            elif one.version is None:
                self.later.append(one.at)
            else:
                self.stale[one.at] = case_id


async def told(database: Database, stale: Mapping[int, UUID]) -> dict[int, Answer]:
    """Who was faster, for each who came too late. What is kept stays kept if this fails."""
    if not stale:
        return {}
    try:
        async with database.reading() as session:
            return {at: await changed_meanwhile(session, case) for at, case in stale.items()}
    except Exception as error:  # answered to those alone
        return dict.fromkeys(stale, error)


async def afterwards(database: Database, wanted: Mapping[int, Wanted]) -> dict[int, Answer]:
    """Steps on cases that others of the group have just changed."""
    if not wanted:
        return {}
    try:
        answers = await take_together(database, list(wanted.values()))
    except Exception as error:  # answered to those alone
        return dict.fromkeys(wanted, error)
    return dict(zip(wanted, answers, strict=True))


async def cases_called(database: Database, names: Sequence[str]) -> dict[UUID | str, CaseRow]:
    """Cases by what they were called by, in one round trip."""
    keys = {key_in(name) for name in names}
    ids = [key for key in keys if isinstance(key, UUID)]
    numbers = [key for key in keys if isinstance(key, str)]
    asked: dict[str, list[Any]] = {"id": ids, "complaint_id": ids, "number": numbers}
    rows = await found(hot_of(database), CaseRow, asked, READ)
    called: dict[UUID | str, CaseRow] = {}
    for row in rows:
        case = snapshot(row)
        called |= {case.id: case, case.complaint_id: case, case.number: case}
    return called


def snapshot(columns: Mapping[str, Any]) -> CaseRow:
    """A case for reading only: the attributes of CaseRow without a session's book-keeping."""
    return cast("CaseRow", SimpleNamespace(**columns))


def after(case: CaseRow, step: Decided) -> CaseRow:
    """The case as the step leaves it."""
    return snapshot({**vars(case), **step.columns})


def change_of(case: CaseRow, step: Decided, now: datetime) -> Change:
    """The same columns for every step, so that different steps go in one statement."""
    columns = {name: step.columns.get(name, getattr(case, name)) for name in STEPPED}
    return Change(case.id, case.version, columns, waiting(step.event, now), step.kept)
