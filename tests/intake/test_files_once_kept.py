"""A file that became evidence stays, whatever happens to the form it came with; others leave."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.intake.domain.errors import TooManyFilesError
from services.intake.ports import Means
from services.intake.tables import AttachmentRow, ComplaintRow
from services.intake.use_cases import receiving, uploads
from services.intake.use_cases.evidence import add
from services.intake.use_cases.files import Named, store
from services.intake.use_cases.uploads import (
    drop_file,
    form_of,
    keep_file,
    kept_files,
    owner_of,
    purge,
    receive_with_files,
)
from shared.work import Database
from tests.intake.builders import a_submission
from tests.intake.samples import png

PICTURE = png()


async def sent_and_posted_again(database: Database, means: Means, form: bytes) -> str:
    """The form with its file was sent; then the browser posted its first version once more."""
    file, again = [
        await store(means.storage, database.vault, owner_of(form), Named("发票.png"), PICTURE)
        for _ in range(2)
    ]
    async with database.work() as work:
        await keep_file(work, form, file)
    await receive_with_files(database, a_submission(key="k"), form)
    async with database.work() as work:
        await keep_file(work, form, again)
    return file.stored


async def test_evidence_survives_the_purge_of_a_form_that_was_posted_again(
    database: Database, means: Means
) -> None:
    key = await sent_and_posted_again(database, means, form_of(database.vault, "a"))
    assert await purge(database, means.storage, timedelta(seconds=-1)) == 1
    assert await means.storage.get(key)


async def test_evidence_survives_the_removal_of_its_file_from_that_form(
    database: Database, means: Means
) -> None:
    form = form_of(database.vault, "b")
    key = await sent_and_posted_again(database, means, form)
    async with database.reading() as session:
        [waiting] = await kept_files(session, database.vault, form)
    await drop_file(database, means.storage, form, waiting.id)
    assert await means.storage.get(key)


async def test_files_beyond_the_limit_are_refused_and_leave_nothing_behind(
    database: Database, means: Means
) -> None:
    receipt = await receive_with_files(
        database, a_submission(key="c"), form_of(database.vault, "c")
    )
    stored = [
        await store(means.storage, database.vault, receipt.id, Named(f"{n}.png"), png(n))
        for n in range(11)
    ]
    assert await add(database, means.storage, receipt.id, stored[:10]) == 10
    with pytest.raises(TooManyFilesError):
        await add(database, means.storage, receipt.id, stored[10:])
    with pytest.raises(KeyError):
        await means.storage.get(stored[10].stored)
    assert await means.storage.get(stored[0].stored)


async def test_a_public_number_that_is_taken_is_replaced_for_a_form_with_files_too(
    database: Database, means: Means, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter(["260623-000000000", "260623-000000000", "260623-000000001"])

    def made(_: object) -> str:
        return next(numbers)

    for module in (receiving, uploads):
        monkeypatch.setattr(module, "new_number", made)
    form = form_of(database.vault, "d")
    file = await store(means.storage, database.vault, owner_of(form), Named("发票.png"), PICTURE)
    first = await receive_with_files(database, a_submission(key="d"), form)
    async with database.work() as work:
        await keep_file(work, form, file)
    second = await receive_with_files(database, a_submission(key="e"), form)
    assert (first.number, second.number) == ("260623-000000000", "260623-000000001")
    async with database.reading() as session:
        wanted = select(ComplaintRow.number, AttachmentRow.stored).join(AttachmentRow)
        found = [tuple(row) for row in await session.execute(wanted)]
    assert found == [("260623-000000001", file.stored)]
