"""Copies for persons: one that cannot be made holds up no other, and what is gone is said."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, select

from services.mediation.clients.intake import IntakeClient
from services.mediation.ports import Letter, Origin, PersonAsked, Record
from services.mediation.tables import CaseRow, PrivacyRequestRow, WordsWantedRow
from services.mediation.use_cases.privacy.attempts import Attempt, begin, failures_of
from services.mediation.use_cases.privacy.copies import MakeCopies
from services.mediation.use_cases.privacy.copy.archive import Archive
from services.mediation.use_cases.privacy.giving import fetch, keep
from services.mediation.use_cases.privacy.requests import COPY, Subject, take_down
from shared.net import Unanswered
from shared.work import Database
from tests.intake.samples import png
from tests.mediation.keeping import ZHOU, closed
from tests.mediation.people import BODIES
from tests.mediation.things import a_record

ZHANG = Subject("张三", "13800138000", "", "当面核对身份证")
KEPT, GONE = UUID(int=1), UUID(int=2)


@dataclass
class Sisters:
    """Intake's and notification's side: a record with two files, of which one is gone."""

    broken: set[UUID] = field(default_factory=set)
    """The complaints for which intake only answers with an error."""

    async def reported_by(self, asked: PersonAsked) -> Sequence[Mapping[str, Any]]:
        return []

    async def origins(self, ids: Sequence[UUID]) -> Mapping[UUID, Origin]:
        return {}

    async def words(self, ids: Sequence[UUID]) -> Mapping[UUID, Record]:
        if self.broken.intersection(ids):
            raise httpx.ReadError("broken off")
        return {one: record_of(one) for one in ids}

    async def file(self, complaint_id: UUID, file_id: UUID) -> bytes | None:
        return png() if file_id == KEPT else None

    async def letters(self, complaint_id: UUID) -> Sequence[Letter]:
        return []

    async def paper(self, document: Mapping[str, Any]) -> bytes:
        return json.dumps(document, ensure_ascii=False).encode()


def record_of(complaint: UUID) -> Record:
    made = a_record(complaint, complainant={"name": "张三", "phone": "13800138000"})
    files = [
        {"id": str(one), "name": name, "size": 100, "kind": "png"}
        for one, name in ((KEPT, "收条.png"), (GONE, "照片.png"))
    ]
    return Record(made.id, made.complainant, made.respondent, made.words, files, made.facts)


async def asked(database: Database, case: CaseRow) -> UUID:
    async with database.work() as work:
        return await take_down(work, COPY, ZHANG, [case], ZHOU)


async def begun(database: Database) -> Attempt:
    attempt = await begin(database)
    assert attempt is not None
    return attempt


async def all_words_have_come(database: Database) -> None:
    """So that nobody looks whether somebody else's case is theirs as well."""
    async with database.work() as work:
        await work.session.execute(delete(WordsWantedRow))


async def states(database: Database) -> list[str]:
    async with database.reading() as session:
        wanted = select(PrivacyRequestRow.state).order_by(PrivacyRequestRow.id)
        return list(await session.scalars(wanted))


async def failures(database: Database) -> list[int]:
    async with database.reading() as session:
        rows = await session.scalars(select(PrivacyRequestRow).order_by(PrivacyRequestRow.id))
        return [failures_of(one) for one in rows]


async def test_a_copy_that_cannot_be_made_holds_up_no_other(database: Database) -> None:
    bad, good = await closed(database), await closed(database)
    await all_words_have_come(database)
    await asked(database, bad)
    await asked(database, good)
    sisters = Sisters({bad.complaint_id})
    step = MakeCopies(sisters, sisters, BODIES)
    with pytest.raises(Unanswered):
        await step(database)
    assert await states(database) == ["making", "making"]
    assert await step(database) == 1
    assert await states(database) == ["making", "done"]
    with pytest.raises(Unanswered):
        await step(database)
    assert await failures(database) == [2, 0]
    sisters.broken.clear()
    assert await step(database) == 1
    assert await states(database) == ["done", "done"]
    assert await step(database) == 0


async def test_a_file_that_is_kept_no_longer_is_left_out_and_named(database: Database) -> None:
    case = await closed(database)
    request = await asked(database, case)
    sisters = Sisters()
    assert await MakeCopies(sisters, sisters, BODIES)(database) == 1
    content = await fetch(database, request, ZHOU)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        told = json.loads(archive.read("everything.json"))["cases"][0]
        paper = archive.read("copy.pdf").decode()
    place = f"{case.number}/files/收条.png"
    assert sorted(names) == [place, "copy.pdf", "everything.json"]
    assert [(one["name"], one["place"], one["left_out"]) for one in told["files"]] == [
        ("收条.png", place, ""),
        ("照片.png", "", "gone"),
    ]
    assert "已经不再保存，没有放进来" in paper


async def test_a_large_copy_is_given_out_as_it_was_kept(database: Database) -> None:
    request = await asked(database, await closed(database))
    content = bytes(range(256)) * 2**13 + b"end"
    await keep(database, await begun(database), content, 1)
    assert await fetch(database, request, ZHOU) == content


async def test_intake_that_keeps_a_file_no_longer_is_no_fault() -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404)

    async with httpx.AsyncClient(
        transport=httpx.MockTransport(answer), base_url="http://intake"
    ) as client:
        assert await IntakeClient(client).file(UUID(int=7), GONE) is None


def test_pictures_and_pdfs_are_not_packed_once_more_and_texts_are() -> None:
    archive = Archive()
    for name in ("a.PNG", "b.jpg", "c.pdf", "d.txt"):
        assert archive.add(name, b"0" * 1000)
    with zipfile.ZipFile(io.BytesIO(archive.close({}, b"%PDF"))) as made:
        packed = {one.filename for one in made.infolist() if one.compress_type}
    assert packed == {"d.txt", "everything.json"}
