"""People and units from spreadsheets, as the console brings them in."""

from typing import Any

from deploy.cli.errors import CannotError
from deploy.cli.people import Asked, body_of, one_body_of
from deploy.cli.say import Counted
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.importing import (
    Plan,
    import_staff,
    import_units,
    lines_from,
    plan_staff,
    plan_units,
)
from shared.bodies import Bodies
from shared.clock import local_day
from shared.work import Database


async def bring_staff(
    database: Database, bodies: Bodies, asked: Asked, progress: Counted
) -> dict[str, Any]:
    """People from the lines of a spreadsheet; `dry_run`: only say what would be done.

    Raises CannotError where accounts would be made and whoever asks has `nowhere` to keep their
    passwords; nothing is imported then.
    """
    body, lines = body_of(bodies, asked), lines_from(asked["lines"])
    progress(0, len(lines))
    if asked["dry_run"]:
        async with database.reading() as session:
            today = local_day(database.clock())
            plan = await plan_staff(session, body, lines, CONSOLE, today)
        made: list[tuple[str, str, str]] = []
    else:
        async with database.work() as work:
            plan, made = await import_staff(work, body, lines, CONSOLE, progress)
            if made and asked["nowhere"]:
                raise CannotError(asked["nowhere"])
    progress(len(lines), len(lines))
    return plan_facts(plan, asked) | {"passwords": made}


async def bring_units(
    database: Database, bodies: Bodies, asked: Asked, progress: Counted
) -> dict[str, Any]:
    """Units from the lines of a spreadsheet."""
    body, lines = one_body_of(bodies, asked), lines_from(asked["lines"])
    progress(0, len(lines))
    if asked["dry_run"]:
        async with database.reading() as session:
            plan = await plan_units(session, body, lines)
    else:
        async with database.work() as work:
            plan = await import_units(work, body, lines, CONSOLE, progress)
    progress(len(lines), len(lines))
    return plan_facts(plan, asked)


def plan_facts(plan: Plan[Any], asked: Asked) -> dict[str, Any]:
    """Counts, and each row with what becomes of it in words."""
    language = asked["language"]
    rows = [
        {
            "row": one.row,
            "key": one.key,
            "outcome": one.outcome.value,
            "remarks": [remark.in_words(language) for remark in one.remarks],
        }
        for one in plan.rows
    ]
    return plan.counts() | {"dry_run": asked["dry_run"], "rows": rows}


WATCHED = {"staff-import": bring_staff, "units-import": bring_units}
"""Those that tell how far they are."""
