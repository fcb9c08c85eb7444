"""Erased is erased: words, files, reporter; figures stay, chains stay whole, no backup helps."""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text

from services.intake.domain.errors import WordsErasedError
from services.intake.ledger import FileLedger
from services.intake.ports import Means
from services.intake.tables import (
    AttachmentRow,
    ComplaintRow,
    ErasedFileRow,
    ErasedRow,
    ReporterRow,
)
from services.intake.use_cases import amending, erasing, reapplying
from services.intake.use_cases.dropping import drop_stored
from services.intake.use_cases.evidence import By, add
from services.intake.use_cases.files import Named, store
from shared.events import ComplaintErased
from shared.trail import Chain, Doer, Said, note
from shared.work import Database
from tests.intake.builders import PARTNER
from tests.intake.kept import count, intact, noted, receive, row_of, said
from tests.intake.samples import png

MEDIATION = Doer("service", None, "mediation", "service")


@pytest.fixture
def ledger(tmp_path: Path) -> FileLedger:
    return FileLedger(tmp_path / "data.erased")


async def erase(database: Database, ledger: FileLedger, *complaints: UUID) -> set[UUID]:
    wanted = dict.fromkeys(complaints, "request")
    return await erasing.erase(database, ledger, wanted, MEDIATION)


async def with_file(database: Database, means: Means, **given: Any) -> tuple[UUID, str]:
    complaint = (await receive(database, **given)).id
    file = await store(means.storage, database.vault, complaint, Named("张三的发票.png"), png())
    await add(database, means.storage, complaint, [file])
    return complaint, file.stored


async def test_words_and_reporter_go_and_what_figures_are_made_of_stays(
    database: Database, ledger: FileLedger
) -> None:
    report = (await receive(database, kind="report")).id
    other = (await receive(database)).id
    assert await erase(database, ledger, report) == {report}
    row = await row_of(database, report)
    assert (row.complainant, row.respondent, row.words) == (None, None, None)
    assert (row.region, row.category, row.amount_fen) == (
        "510903", "goods_home_electronics", 1280000,
    )  # fmt: skip
    assert await count(database, ReporterRow) == 0
    assert (await row_of(database, other)).words is not None
    event = (await said(database))[-1]
    assert isinstance(event, ComplaintErased)
    assert (event.complaint_id, event.version) == (report, 2)


async def test_files_go_from_the_rows_at_once_and_from_the_storage_after_the_commit(
    database: Database, means: Means, ledger: FileLedger
) -> None:
    complaint, stored = await with_file(database, means)
    await erase(database, ledger, complaint)
    assert await count(database, AttachmentRow) == 0
    assert await means.storage.get(stored)
    assert await drop_stored(database, means.storage) == 1
    with pytest.raises(KeyError):
        await means.storage.get(stored)
    assert await drop_stored(database, means.storage) == 0
    assert await count(database, ErasedFileRow) == 0


async def test_the_trail_forgets_what_was_said_and_its_chain_stays_whole(
    database: Database, ledger: FileLedger
) -> None:
    complaint = (await receive(database)).id
    chain = Chain("complaint", str(complaint))
    other = Chain("complaint", "another")
    async with database.work() as work:
        await note(work, chain, MEDIATION, Said("mask.opened", {"reason": "张三来电"}))
        await note(work, other, MEDIATION, Said("mask.opened", {"reason": "李四来电"}))
    await erase(database, ledger, complaint)
    rows = await noted(database)
    mine = [row for row in rows if row.key == str(complaint)]
    assert [(row.action, row.sealed is None) for row in mine] == [
        ("mask.opened", True),
        ("erasure.done", False),
    ]
    [untouched] = [row for row in rows if row.key == "another"]
    assert untouched.sealed is not None
    assert intact(database, mine)


async def test_once_more_is_harmless_and_an_unknown_complaint_is_left_out(
    database: Database, ledger: FileLedger
) -> None:
    complaint = (await receive(database)).id
    assert await erase(database, ledger, complaint, UUID(int=1)) == {complaint}
    assert await erase(database, ledger, complaint) == {complaint}
    assert await count(database, ErasedRow) == 1
    assert len(await ledger.marks()) == 1
    assert intact(database, await noted(database))


async def test_nothing_is_added_to_what_was_erased(
    database: Database, means: Means, ledger: FileLedger
) -> None:
    complaint = (await receive(database)).id
    await erase(database, ledger, complaint)
    file = await store(means.storage, database.vault, complaint, Named("发票.png"), png())
    with pytest.raises(WordsErasedError):
        await add(database, means.storage, complaint, [file], By(Doer("staff", UUID(int=7))))
    assert await count(database, AttachmentRow) == 0
    with pytest.raises(KeyError):
        await means.storage.get(file.stored)
    async with database.work() as work:
        late = amending.Amendment(UUID(int=3), complaint, {"/complainant/name": "张三"})
        await amending.apply_amendments(work, [late])
    assert (await row_of(database, complaint)).complainant is None


async def test_an_amendment_at_the_same_moment_leaves_no_word(
    database: Database, ledger: FileLedger
) -> None:
    complaint = (await receive(database)).id

    async def amend(number: int) -> None:
        changes = {"/complainant/name": f"张三{number}", "/matter/subject": "又改"}
        async with database.work() as work:
            amendment = amending.Amendment(UUID(int=number), complaint, changes)
            await amending.apply_amendments(work, [amendment])

    await asyncio.gather(*(amend(n) for n in range(1, 6)), erase(database, ledger, complaint))
    row = await row_of(database, complaint)
    assert (row.complainant, row.respondent, row.words) == (None, None, None)
    assert row.version == 7


async def test_an_import_does_not_bring_back_what_was_erased(
    database: Database, ledger: FileLedger
) -> None:
    source = {"source": "12345", "id": "A-1", "received_at": "2026-06-01T10:00:00+08:00"}
    first = await receive(database, sender=PARTNER, external=source)
    await erase(database, ledger, first.id)
    again = await receive(database, sender=PARTNER, external=source)
    assert (again.id, again.known) == (first.id, True)
    assert (await row_of(database, first.id)).words is None
    assert await count(database, ComplaintRow) == 1


async def test_the_ledger_names_nobody_and_lies_beside_the_data(
    database: Database, ledger: FileLedger, tmp_path: Path
) -> None:
    receipt = await receive(database)
    await erase(database, ledger, receipt.id)
    file = tmp_path / "data.erased"
    [line] = file.read_text().splitlines()
    mark = erasing.mark_of(database.vault, receipt.id)
    assert json.loads(line) == {"mark": mark.hex(), "day": "2026-06-23", "why": "request"}
    assert file.stat().st_mode & 0o777 == 0o600
    assert receipt.id.hex not in line
    assert receipt.number not in line


async def test_half_a_line_from_a_crash_is_passed_over_and_the_next_one_is_whole(
    tmp_path: Path,
) -> None:
    file = tmp_path / "data.erased"
    ledger = FileLedger(file)
    await ledger.add({b"a" * 32: "request"}, "2026-06-23")
    file.write_text(file.read_text() + '{"mark": "6262')
    await ledger.add({b"c" * 32: "retention"}, "2026-06-24")
    assert dict(await ledger.marks()) == {b"a" * 32: "request", b"c" * 32: "retention"}


async def brought_back(database: Database, *complaints: UUID) -> None:
    """As a backup from before the erasure has it."""
    async with database.work() as work:
        await work.session.execute(delete(ErasedRow))
        for one in complaints:
            row = await work.session.get_one(ComplaintRow, one)
            row.words = work.vault.seal('{"text": "张三"}', "complaints.words", one)


async def test_what_a_backup_brought_back_is_erased_again_and_told_again(
    database: Database, ledger: FileLedger
) -> None:
    gone = (await receive(database)).id
    stays = (await receive(database)).id
    await erase(database, ledger, gone)
    await brought_back(database, gone)
    assert await reapplying.brought_back(database, ledger) == 1
    assert (await row_of(database, gone)).words is None
    assert (await row_of(database, stays)).words is not None
    async with database.reading() as session:
        assert await session.scalar(select(ErasedRow.why)) == "ledger"
    assert await reapplying.brought_back(database, ledger) == 0
    told = [one for one in await said(database) if isinstance(one, ComplaintErased)]
    assert [(one.complaint_id, one.version) for one in told] == [(gone, 2), (gone, 3)]


async def test_everything_can_be_said_once_more_to_a_sister_that_was_restored(
    database: Database, ledger: FileLedger
) -> None:
    gone = (await receive(database)).id
    await receive(database)
    await erase(database, ledger, gone)
    assert await reapplying.all_again(database, ledger) == 1
    told = [one for one in await said(database) if isinstance(one, ComplaintErased)]
    assert [one.complaint_id for one in told] == [gone, gone]


async def test_a_crash_after_the_ledger_is_made_good_at_the_next_start(
    database: Database, ledger: FileLedger
) -> None:
    complaint = (await receive(database)).id
    async with database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE reporters RENAME TO away"))
    with pytest.raises(Exception, match="reporters"):
        await erase(database, ledger, complaint)
    async with database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO reporters"))
    assert (await row_of(database, complaint)).words is not None
    assert await reapplying.brought_back(database, ledger) == 1
    assert (await row_of(database, complaint)).words is None
