"""What the console has done to the books is in the trail before it is done."""

from typing import Any

from sqlalchemy import select

from deploy.cli.operations import OPERATIONS
from deploy.cli.say import nobody_watches
from shared.runtime.embedded import Embedded
from shared.trail.rows import opened
from shared.trail.tables import AuditRow


async def rows_of(platform: Embedded, service: str) -> list[tuple[str, str, str, Any]]:
    """Rows about settings: the chain's key, who, the deed, and what was said."""
    database = platform.running[service].database
    wanted = select(AuditRow).where(AuditRow.kind.in_(("setting", "figures")))
    async with database.reading() as session:
        rows = list(await session.scalars(wanted.order_by(AuditRow.id)))
    said = [opened(database.vault, row.sealed, row.id) for row in rows]
    return [
        (row.key, row.doer_kind, row.action, one[1]["said"] if one else None)
        for row, one in zip(rows, said, strict=True)
    ]


async def test_dead_letters_that_the_console_replays_are_noted_where_they_lie(
    platform: Embedded,
) -> None:
    done = await OPERATIONS["replay"](platform, {"service": "notification"}, nobody_watches)
    assert done == {"notification": {"went": 0, "failed": 0}}
    assert await rows_of(platform, "notification") == [
        ("dead-letters", "console", "events.replayed", {"picked": "all"})
    ]
    assert await rows_of(platform, "intake") == []


async def test_the_demonstration_comes_and_goes_with_a_row_each(platform: Embedded) -> None:
    asked = {"complaints": 3, "seed": 4}
    assert (await OPERATIONS["demo"](platform, asked, nobody_watches))["made"] == 3
    assert await OPERATIONS["demo-remove"](platform, {}, nobody_watches) == {"removed": 3}
    assert await rows_of(platform, "intake") == [
        ("demo", "console", "demo.loaded", {"rows": 3}),
        ("demo", "console", "demo.removed", {}),
    ]


async def test_facts_that_the_console_has_told_anew_are_noted(platform: Embedded) -> None:
    async with platform.at_work():
        await OPERATIONS["rebuild"](platform, {}, nobody_watches)
    noted = [one for one in await rows_of(platform, "analytics") if one[0] == "facts"]
    assert noted == [("facts", "console", "figures.rebuilt", {})]
