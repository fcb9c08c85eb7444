"""Keys are rotated while people write and search; broken off anywhere, it goes on where it was."""

import asyncio
import random
from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from deploy.cli.errors import CannotError
from deploy.cli.say import Facts
from deploy.embedded import assemble
from deploy.keys.operations import hands_of, noting
from deploy.keys.rotating import Rotation
from deploy.keys.showing import shown
from services.intake.storage import Folder
from services.intake.tables import AttachmentRow, ComplaintRow
from services.intake.use_cases.resealing import SealedFiles
from services.mediation.tables import CaseRow
from services.mediation.use_cases.desk.filters import search
from services.mediation.use_cases.words import copy_in
from shared.runtime.embedded import Embedded
from shared.runtime.keys import make_key_file, provider_of, vault_of
from shared.settings import CommonSettings
from shared.trail import Deed
from shared.trail.tables import AuditRow
from shared.vault import Cipher, FileKeys, Ring, Sealed
from tests.conftest import NOON, StandingClock
from tests.migrated import lay_out

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NO_GRACE = timedelta()


@pytest.fixture
async def house(common: CommonSettings, clock: StandingClock) -> AsyncGenerator[Embedded]:
    """The platform on a folder with a key file beside it."""
    make_key_file(common, NOON)
    lay_out(common.data)
    made = assemble(common, vault_of(common), clock)
    await made.migrate()
    yield made
    await made.close()


@pytest.fixture
async def visitor(house: Embedded) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=house.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def a_complaint(number: int) -> dict[str, Any]:
    return {
        "kind": "complaint",
        "complainant": {"name": f"张三{number}", "phone": phone(number)},
        "respondent": {"name": "安澜健身有限公司"},
        "matter": {"subject": f"健身房倒闭{number}", "text": f"第{number}件：预付卡不退。"},
    }


def phone(number: int) -> str:
    return f"138{number:08d}"


async def complain(visitor: httpx.AsyncClient, numbers: range) -> list[UUID]:
    """Complaints by citizens; their ids."""
    ids = []
    for number in numbers:
        answer = await visitor.post(
            "/intake/api/v1/complaints",
            json=a_complaint(number),
            headers={"Idempotency-Key": str(uuid4())},
        )
        assert answer.status_code == 201, answer.text
        ids.append(UUID(answer.json()["id"]))
    return ids


def rotation(house: Embedded, cipher: Cipher = Cipher.AES) -> Rotation:
    """A rotation for which nobody has to be waited for."""
    provider = house.vault.provider
    assert provider is not None
    note = noting(house.running["mediation"].database)
    return Rotation(provider, cipher, hands_of(house), note, house.clock, NO_GRACE)


async def rotated(house: Embedded, cipher: Cipher = Cipher.AES) -> Facts:
    """A whole rotation, with the platform at work beside it."""
    turning = asyncio.create_task(rotation(house, cipher).run())
    while not turning.done():
        await house.settle()
        await asyncio.wait([turning], timeout=0.02)
    await house.settle()
    return turning.result()


async def found_by_phone(house: Embedded, number: int) -> int:
    """How many cases the desk finds by a phone."""
    database = house.running["mediation"].database
    wanted = select(CaseRow.id).where(search(database.vault, phone(number)))
    async with database.reading() as session:
        return len((await session.scalars(wanted)).all())


async def names(house: Embedded) -> set[str]:
    """The complainants' names, opened from mediation's copies."""
    database = house.running["mediation"].database
    async with database.reading() as session:
        cases = (await session.scalars(select(CaseRow.id))).all()
        copies = [await copy_in(session, database.vault, one) for one in cases]
    return {one["complainant"]["name"] for one in copies}


async def seals(house: Embedded) -> set[str]:
    """The keys that still seal something."""
    facts = await shown(provider_of(house.common), "file", hands_of(house))
    return {one["id"] for one in facts["keys"] if one["values"]}


async def deeds(house: Embedded) -> list[tuple[str, str]]:
    """What the trail says of keys, in order."""
    async with house.running["mediation"].database.reading() as session:
        asked = select(AuditRow.key, AuditRow.action).where(AuditRow.kind == "key")
        rows = await session.execute(asked.order_by(AuditRow.id))
        return [(one.key, one.action) for one in rows]


async def test_after_a_rotation_everything_is_found_and_the_old_key_is_gone(
    house: Embedded, visitor: httpx.AsyncClient
) -> None:
    await complain(visitor, range(3))
    await house.settle()
    before = house.vault.ring
    assert await seals(house) == {"k1"}

    facts = await rotated(house, Cipher.SM4)

    assert (facts["key"], facts["made"], facts["retired"]) == ("k2", True, ["k1"])
    assert (facts["unreadable"], facts["needed"], facts["kept"]) == (0, [], [])
    assert list(vault_of(house.common).ring.keys) == ["k2"]
    assert house.vault.generations == ("k2",)
    assert await seals(house) == {"k2"}
    assert await names(house) == {"张三0", "张三1", "张三2"}
    assert [await found_by_phone(house, one) for one in range(4)] == [1, 1, 1, 0]
    assert before.keys["k1"].secret not in house.common.key_path.read_bytes()
    assert await deeds(house) == [
        ("k2", "key.made"),
        ("k2", "key.rotated"),
        ("k1", "key.retired"),
    ]


async def test_files_are_sealed_anew_where_they_lie_and_say_the_same(
    house: Embedded, visitor: httpx.AsyncClient
) -> None:
    [complaint] = await complain(visitor, range(1))
    database, files = house.running["intake"].database, held_files(house)
    row = files_row(house, complaint)
    async with database.work() as work:
        await work.insert(AttachmentRow, [row])
    blob = house.vault.seal(PDF, "attachments.content", UUID(bytes=row["digest"][:16])).blob
    await files.storage.put(row["stored"], blob)
    assert await files.counts(database) == {"k1": 1}

    facts = await rotated(house)

    assert facts["retired"] == ["k1"]
    assert await files.counts(database) == {"k2": 1}
    fresh = Sealed(await files.storage.get(row["stored"]), "attachments.content")
    assert house.vault.open(fresh, UUID(bytes=row["digest"][:16])) == PDF


async def test_a_file_that_is_erased_while_it_is_sealed_anew_stays_erased(
    house: Embedded,
) -> None:
    """Its row went after the file was read, and before it was written again."""
    files, stored = held_files(house), "ab" * 32
    database = house.running["intake"].database
    blob = house.vault.seal(PDF, "attachments.content", UUID(stored[:32])).blob
    await files.storage.put(stored, blob)
    assert await files._renewed(database, stored)  # noqa: SLF001 - the moment in between counts
    with pytest.raises(KeyError):
        await files.storage.get(stored)


def held_files(house: Embedded) -> SealedFiles:
    [files] = [one for one in house.running["intake"].holdings.held if isinstance(one, SealedFiles)]
    assert isinstance(files.storage, Folder)
    return files


def files_row(house: Embedded, complaint: UUID) -> dict[str, Any]:
    digest = house.vault.mac("attachment", complaint.bytes + PDF)
    row = uuid4()
    return {
        "id": row,
        "complaint_id": complaint,
        "name": house.vault.seal("发票.pdf", "attachments.name", row),
        "kind": "application/pdf",
        "size": len(PDF),
        "digest": digest,
        "stored": digest.hex(),
        "added_at": NOON,
    }


async def test_broken_off_at_any_point_it_goes_on_with_the_same_key(
    house: Embedded, visitor: httpx.AsyncClient
) -> None:
    await complain(visitor, range(8))
    await house.settle()
    dice = random.Random(7)  # noqa: S311 - a test's dice
    for _ in range(12):
        task = asyncio.create_task(rotation(house).run())
        await asyncio.wait([task], timeout=dice.random() / 10)
        assert not task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        house.vault.look()
        assert house.vault.generations in {("k1",), ("k1", "k2")}
        assert len(await names(house)) == 8
        assert await found_by_phone(house, 3) == 1
    facts = await rotated(house)
    assert (facts["key"], facts["retired"]) == ("k2", ["k1"])
    assert await seals(house) == {"k2"}
    assert len(await names(house)) == 8


async def test_who_writes_and_searches_meanwhile_notices_nothing(
    house: Embedded, visitor: httpx.AsyncClient
) -> None:
    await complain(visitor, range(10))
    await house.settle()
    writing = asyncio.create_task(complain(visitor, range(10, 40)))
    searched: list[int] = []
    turning = asyncio.create_task(rotation(house).run())
    while not (turning.done() and writing.done()):
        searched.append(await found_by_phone(house, len(searched) % 10))
        await house.settle()
    facts = await turning
    await house.settle()
    assert len(await writing) == 30
    assert set(searched) == {1}
    assert (facts["retired"], facts["unreadable"]) == (["k1"], 0)
    assert await names(house) == {f"张三{one}" for one in range(40)}
    assert {await found_by_phone(house, one) for one in range(40)} == {1}
    assert await seals(house) == {"k2"}
    async with house.running["intake"].database.reading() as session:
        rows = (await session.execute(select(ComplaintRow.id, ComplaintRow.words))).all()
    assert len([house.vault.open(row.words, row.id) for row in rows]) == 40


async def test_what_no_key_opens_keeps_the_old_key(
    house: Embedded, visitor: httpx.AsyncClient
) -> None:
    [complaint] = await complain(visitor, range(1))
    await house.settle()
    broken = Sealed(house.vault.seal("x", "complaints.words", uuid4()).blob, "complaints.words")
    async with house.running["intake"].database.work() as work:
        row = await work.session.get_one(ComplaintRow, complaint)
        row.words = broken
    facts = await rotated(house)
    assert (facts["unreadable"], facts["retired"], facts["kept"]) == (1, [], ["k1"])
    assert list(vault_of(house.common).ring.keys) == ["k1", "k2"]
    again = await rotated(house)
    assert (again["key"], again["made"], again["unreadable"]) == ("k2", False, 1)


async def test_what_cannot_be_noted_in_the_trail_is_not_done(house: Embedded) -> None:
    async def shut(*_: object) -> None:
        raise ConnectionError

    one = rotation(house)
    one.note = shut
    with pytest.raises(ConnectionError):
        await one.run()
    assert list(vault_of(house.common).ring.keys) == ["k1"]


async def test_keys_that_come_from_elsewhere_are_not_made_but_sealed_with(
    house: Embedded, visitor: httpx.AsyncClient
) -> None:
    await complain(visitor, range(2))
    await house.settle()

    class Elsewhere:
        name = "REDRESS_KEYS"
        at_hand = True
        ring = house.vault.ring

        def load(self) -> Any:
            return self.ring

    source = Elsewhere()
    house.vault.provider = source
    with pytest.raises(CannotError, match=r"REDRESS_KEYS gives one key.*redress keys next FILE"):
        await rotation(house).run()
    assert house.vault.generations == ("k1",)
    source.ring = source.ring.with_next(Cipher.AES, NOON)
    facts = await rotated(house)
    assert (facts["key"], facts["retired"], facts["kept"]) == ("k2", [], ["k1"])
    told = await shown(source, "env", hands_of(house))
    assert [one["values"] > 0 for one in told["keys"]] == [False, True]


async def test_a_service_with_another_source_of_keys_stops_the_rotation(house: Embedded) -> None:
    provider = house.vault.provider
    assert isinstance(provider, FileKeys)
    one = rotation(house)
    other = provider.path.with_name("other.key")
    other.write_text(provider.path.read_text())
    other.chmod(0o600)
    one.provider = FileKeys(other)
    with pytest.raises(CannotError, match="seals with k1, not with k2"):
        await one.run()
    assert await seals(house) == {"k1"}


async def rotated_while(house: Embedded, deed: Deed) -> Facts:
    """A rotation; somebody else makes a key just after this one has noted a deed."""
    one = rotation(house)
    noted, theirs = one.note, provider_of(house.common)
    assert isinstance(theirs, FileKeys)

    async def meanwhile(key: str, said: Deed, values: Mapping[str, Any]) -> None:
        await noted(key, said, values)
        if said is deed:
            theirs.replace(lambda found: found.with_next(Cipher.AES, NOON))

    one.note = meanwhile
    turning = asyncio.create_task(one.run())
    while not turning.done():
        await house.settle()
        await asyncio.wait([turning], timeout=0.02)
    return turning.result()


async def test_a_key_that_was_not_made_after_all_is_noted_as_such(house: Embedded) -> None:
    facts = await rotated_while(house, Deed.KEY_MADE)
    assert (facts["key"], facts["retired"]) == ("k2", ["k1"])
    assert await deeds(house) == [
        ("k2", "key.made"),
        ("k2", "key.unchanged"),
        ("k2", "key.rotated"),
        ("k1", "key.retired"),
    ]


async def test_a_key_that_was_not_retired_after_all_is_noted_as_such(house: Embedded) -> None:
    facts = await rotated_while(house, Deed.KEY_RETIRED)
    assert (facts["key"], facts["retired"], facts["kept"]) == ("k2", [], ["k1"])
    assert list(vault_of(house.common).ring.keys) == ["k1", "k2", "k3"]
    assert await deeds(house) == [
        ("k2", "key.made"),
        ("k2", "key.rotated"),
        ("k1", "key.retired"),
        ("k1", "key.unchanged"),
    ]


class Watched(FileKeys):
    """Keys in a file, and whether anybody waited for them where requests are answered."""

    waited = False

    def load(self) -> Ring:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return super().load()
        self.waited = True
        return super().load()


async def test_nobody_waits_for_the_keys_where_requests_are_answered(house: Embedded) -> None:
    provider = house.vault.provider
    assert isinstance(provider, FileKeys)
    house.vault.provider = watched = Watched(provider.path)
    facts = await rotated(house)
    assert (facts["key"], facts["retired"]) == ("k2", ["k1"])
    assert not watched.waited
