"""Two processes scan the same file: what one found, the failure of the other does not lift."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from services.intake.domain.errors import QuarantinedFileError
from services.intake.domain.scanning import Scan
from services.intake.ports import Means, ScannerAwayError
from services.intake.tables import AttachmentRow
from services.intake.use_cases.evidence import add
from services.intake.use_cases.files import Named, content_of, store
from services.intake.use_cases.scanning import scan_due
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake.kept import noted, receive
from tests.intake.samples import png


class Says:
    """A scanner that says one thing, None: is away; what is to happen meanwhile happens first."""

    def __init__(
        self, found: Scan | None, meanwhile: Callable[[], Awaitable[object]] | None = None
    ) -> None:
        self._found, self._meanwhile = found, meanwhile

    async def scan(self, data: bytes) -> Scan:
        if self._meanwhile:
            await self._meanwhile()
        if self._found is None:
            raise ScannerAwayError
        return self._found


async def a_file(database: Database, means: Means) -> None:
    made = (await receive(database)).id
    stored = await store(means.storage, database.vault, made, Named("发票.png"), png())
    await add(database, means.storage, made, [stored])


async def the_file(database: Database) -> AttachmentRow:
    async with database.reading() as session:
        return (await session.scalars(select(AttachmentRow))).one()


@pytest.mark.parametrize(
    ("first", "then", "counts"),
    [
        (Scan.INFECTED, None, Scan.INFECTED),
        (Scan.INFECTED, Scan.CLEAN, Scan.INFECTED),
        (Scan.CLEAN, None, Scan.CLEAN),
        (Scan.CLEAN, Scan.INFECTED, Scan.INFECTED),
        (None, Scan.CLEAN, Scan.CLEAN),
    ],
)
async def test_of_two_findings_at_once_the_worse_counts_and_a_failure_counts_least(  # noqa: PLR0913, PLR0917 - what a test needs
    database: Database,
    twin: Database,
    means: Means,
    first: Scan | None,
    then: Scan | None,
    counts: Scan,
) -> None:
    await a_file(database, means)

    async def meanwhile() -> None:
        await scan_due(twin, means.storage, Says(first))

    await scan_due(database, means.storage, Says(then, meanwhile))
    assert (await the_file(database)).scan == counts


async def test_a_quarantine_stays_and_is_noted_once_whatever_fails_meanwhile(
    database: Database, twin: Database, means: Means, clock: StandingClock
) -> None:
    await a_file(database, means)

    async def meanwhile() -> None:
        assert await scan_due(twin, means.storage, Says(Scan.INFECTED)) == 1

    await scan_due(database, means.storage, Says(None, meanwhile))
    file = await the_file(database)
    assert (file.scan_tries, file.scan_due_at) == (1, None)
    with pytest.raises(QuarantinedFileError):
        await content_of(means.storage, database.vault, file)
    deeds = [row.action for row in await noted(database)]
    assert deeds.count("file.quarantined") == 1
    assert "file.scanned" not in deeds
    clock.move(days=1)
    assert await scan_due(database, means.storage, Says(Scan.CLEAN)) == 0
