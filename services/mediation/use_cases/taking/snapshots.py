"""Cases read in one round trip, for reading only, and what of them a step changes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from services.mediation.tables import CaseRow
from services.mediation.use_cases.cases import key_in
from services.mediation.use_cases.deciding import Decided
from services.mediation.use_cases.desk import SHOWN
from shared.hot import hot_of
from shared.hot_changes import Change, found
from shared.work import Database, waiting

READ = (*SHOWN, "respondent_named", "forwarding_consent", "pack", "pack_version", "clocks", "chain")
STEPPED = (
    "state", "version", "clocks", "due_on", "due_for", "due_status", "queue_on", "accepted_on",
    "serial", "forwarded_on", "replied_on", "reason", "outcome", "closed_on", "recovered_fen",
    "assignee", "chain", "changed_at",
)  # fmt: skip
"""The columns that nothing but a step changes: `version` says that they are as they were seen."""


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
