"""`redress calendar import`: the holidays of a year (节假日安排), entered on the console."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.cli.errors import CannotError
from deploy.cli.words import in_words
from services.mediation.domain.calendar import CalendarDay
from services.mediation.use_cases.calendar import (
    Plan,
    Rows,
    import_calendar,
    plan_import,
    provisional_cases,
    read_days,
)
from shared.bodies import Bodies
from shared.i18n import Language
from shared.kernel import RuleError
from shared.sheets import open_sheet
from shared.sheets.cells import line_of
from shared.trail import CONSOLE
from shared.work import Database


def rows_in(file: Path, language: Language) -> list[tuple[int, list[str]]]:
    """The rows of a file with the numbers of their lines, as whoever has the data is told them.

    Raises CannotError for a file that no calendar can be read from.
    """
    try:
        rows = [(line, list(map(line_of, row))) for line, row in open_sheet(file).rows]
        read_days(rows)
    except RuleError as error:
        raise CannotError(in_words(error, language)) from error
    return rows


async def bring_calendar(
    database: Database, bodies: Bodies, asked: Mapping[str, Any]
) -> dict[str, Any]:
    """The years in `rows`, replaced; with `dry_run` only what would become of them.

    Raises CannotError, in `language`.
    """
    try:
        return await brought(database, asked["rows"], dry_run=asked["dry_run"])
    except RuleError as error:
        raise CannotError(in_words(error, asked["language"])) from error


async def brought(database: Database, rows: Rows, *, dry_run: bool) -> dict[str, Any]:
    days = read_days(rows)
    if dry_run:
        async with database.reading() as session:
            plan, waiting = await plan_import(session, days), await provisional_cases(session)
    else:
        async with database.work() as work:
            plan = await import_calendar(work, days, CONSOLE)
            waiting = await provisional_cases(work.session)
    return facts_of(plan) | {"dry_run": dry_run, "provisional_cases": waiting}


def facts_of(plan: Plan) -> dict[str, Any]:
    """What changes: year by year, and each day that becomes of another kind."""
    return {
        "version": {"before": plan.before.version, "after": plan.after.version},
        "years": [of_year(plan, year) for year in plan.years],
        "days": [
            {"date": was.day.isoformat(), "before": about(was), "after": about(becomes)}
            for was, becomes in plan.moved()
        ],
    }


def of_year(plan: Plan, year: int) -> dict[str, Any]:
    both = {"before": plan.before, "after": plan.after}
    return {
        "year": year,
        **plan.counts(year),
        "published": {name: year in one.published for name, one in both.items()},
        "working_days": {
            name: sum(one.is_working(day.day) for day in one.of_year(year))
            for name, one in both.items()
        },
    }


def about(one: CalendarDay) -> dict[str, str]:
    return {"kind": one.kind.value, "festival": one.festival}


OPERATIONS = {"calendar-import": bring_calendar}
