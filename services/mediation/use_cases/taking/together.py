"""Steps that people take at the same moment are read, decided and kept together.

Each is answered by itself: who is refused harms no neighbour.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.mediation.tables import CaseRow
from services.mediation.use_cases.acting import changed_meanwhile
from services.mediation.use_cases.allowing import action_of
from services.mediation.use_cases.calendar import calendar_for
from services.mediation.use_cases.cases import key_in, no_such_case
from services.mediation.use_cases.deciding import Around, decide
from services.mediation.use_cases.taking.snapshots import after, cases_called, change_of
from services.mediation.use_cases.taking.wanted import Wanted
from shared.hot import hot_of
from shared.hot_changes import Change, change
from shared.kernel import RuleError
from shared.work import Database

Answer = CaseRow | Exception


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
