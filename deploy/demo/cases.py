"""The case of a story, from step to step: by the very rules that real cases go by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from deploy.demo.around import Around, Gathering
from deploy.demo.identity import Identity
from deploy.demo.log import log_row
from deploy.demo.said import Said
from deploy.demo.stories import Story, Taken
from services.mediation.announcements import SAYS
from services.mediation.domain.case import Standing, State, Step, advance
from services.mediation.domain.due import due
from services.mediation.ports import Record
from services.mediation.tables import (
    SEALED_WORDS,
    CaseLogRow,
    CaseLookupRow,
    CaseRow,
    CaseWordsRow,
    SearchTextRow,
)
from services.mediation.use_cases import opening
from services.mediation.use_cases.effects import EFFECTS, Act, Effect
from services.mediation.use_cases.keeping import SYSTEM
from services.mediation.use_cases.lookups import lookups_of
from services.mediation.use_cases.rules import pack_of_case
from services.mediation.use_cases.searching.texts import seal, searched
from services.mediation.use_cases.words import copy_of, dumped
from shared.bulk import plain_default
from shared.clock import local_day
from shared.events import CaseEvent, CaseOpened
from shared.terms import Kind
from shared.trail.chain import NOTHING_BEFORE
from shared.work import table_of

if TYPE_CHECKING:
    from shared.events import ComplaintReceived


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
            "due_status": case.due_status,
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


ASKED = {"consent_override": "打电话问过投诉人，同意转给商家，不透露姓名。"}
"""What the mediator of the demonstration writes where the complainant had not agreed."""


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
    consent, accepted = case.forwarding_consent, case.accepted_on is not None
    is_complaint = case.kind == Kind.COMPLAINT.value
    standing = Standing(State(case.state), case.respondent_named, accepted, consent, is_complaint)
    asked = step is Step.FORWARD and consent is False
    act = DemoAct(
        case=cast("CaseRow", case),
        pack=pack_of_case(case.pack, case.pack_version),
        calendar=around.calendar,
        today=local_day(taken.at),
        actor=around.actor,
        facts={**taken.facts, **(ASKED if asked else {})},
        to=advance(standing, step, overridden=asked),
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
    """Mediation's sealed copies, and the blind indexes they are found by."""
    vault, gathered = teller.around.vault, teller.gathered
    parts = (complaint["complainant"] or {}, complaint["respondent"] or {}, complaint["matter"])
    record, report = Record(case.id, *parts), case.kind == Kind.REPORT.value
    copy = copy_of(record)
    sealed = vault.seal(dumped(copy), SEALED_WORDS, case.id)
    row = {"case_id": case.id, "words": sealed, "fetched_at": case.opened_at}
    gathered.keep(CaseWordsRow, row)
    for kind, token in lookups_of(vault, copy, report=report):
        gathered.keep(CaseLookupRow, {"kind": kind, "token": token, "case_id": case.id})
    text = seal(vault, searched(record, {}, report=report), case.id)
    gathered.keep(SearchTextRow, {"case_id": case.id, "text": text})
