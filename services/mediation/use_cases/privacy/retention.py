"""How long a body keeps its files (保存期限): the periods that are shipped, and its own."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.keeping.retention import (
    CaseFacts,
    Schedule,
    checked,
    schedule_of,
)
from services.mediation.tables import RetentionDueRow, RetentionPeriodRow
from services.mediation.use_cases.privacy.errors import SavedMeanwhileError
from services.mediation.use_cases.privacy.holds import Officer
from shared.rights import Action
from shared.trail import Chain, Deed, Said, note
from shared.work import Work

LIST_DUE = "list_due"
"""The step that lists what is due."""
UNHURRIED = 0.1
"""Seconds between two runs of a step that is woken by all that happens, mostly for nothing."""
Own = Mapping[str, Mapping[str, int | None]]
"""The periods that bodies set themselves, by body and class."""
FILE = Path(__file__).parents[2] / "keeping" / "retention.yaml"
SILENT = {"synchronize_session": False}


@cache
def shipped() -> Schedule:
    """The classes as they are shipped. Raises BrokenRetentionError."""
    return schedule_of(yaml.safe_load(FILE.read_text("utf-8")))


async def schedules(session: AsyncSession) -> Own:
    """The periods that bodies set themselves, by body and class."""
    found: dict[str, dict[str, int | None]] = {}
    for row in await session.scalars(select(RetentionPeriodRow)):
        found.setdefault(row.body, {})[row.code] = row.months
    return found


def schedule_for(own: Own, body: str) -> Schedule:
    """What holds for a body."""
    base = shipped()
    return Schedule(base.valid_from, base.classes, own.get(body, {}))


async def change_period(
    work: Work, body: str, code: str, months: int | None, officer: Officer
) -> None:
    """Keep files of a class longer or shorter from now on, within what the law allows.

    What was due by the old period waits no more; a step lists at once what is due by the new one.
    Raises NotAllowedError, WrongPeriodError, TooShortError, SavedMeanwhileError.
    """
    doer = officer.doing(Action.RETENTION_MANAGE, body)
    one = shipped().named(code)
    wanted = checked(one, months)
    before = schedule_for(await schedules(work.session), body).months(one)
    here = {"body": body, "code": code}
    row = await work.session.get(RetentionPeriodRow, here, with_for_update=True)
    facts = {"months": wanted, "changed_by": officer.id, "changed_at": work.now}
    if row is not None:
        for name, value in facts.items():
            setattr(row, name, value)
    elif not await work.insert_new(RetentionPeriodRow, [{**here, **facts}], ["code"]):
        raise SavedMeanwhileError("刚刚有人改过这一类的保存期限。请看过以后再改。")
    ours = (RetentionDueRow.body == body) & (RetentionDueRow.code == code)
    await work.session.execute(delete(RetentionDueRow).where(ours), execution_options=SILENT)
    said = Said(Deed.RETENTION_CHANGED.value, {"class": code, "before": before, "now": wanted})
    await note(work, Chain("retention", body), doer, said)
    work.wake(LIST_DUE)


def due_among(rows: Sequence[Any], own: Own, today: date) -> dict[UUID, dict[str, Any]]:
    """Those whose period is over, with body, class and since when."""
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        schedule = schedule_for(own, row.body)
        facts = CaseFacts(row.kind, row.outcome, row.pack, row.closed_on)
        due_on = schedule.due_on(facts)
        if due_on is not None and due_on <= today:
            code = schedule.class_of(facts).code
            found[row.id] = {"body": row.body, "code": code, "due_on": due_on}
    return found
