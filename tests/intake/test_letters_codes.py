"""The second code that opens letters: few tries, few sent, to whom, and nothing kept of it."""

import asyncio
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update

from services.intake.domain.lost_code import Known
from services.intake.domain.second_code import By, Destination, Ways, destination
from services.intake.ports import Mail
from services.intake.tables import ComplaintRow, MailedCodeRow
from services.intake.use_cases import letters_codes
from services.intake.use_cases.erasing import empty
from services.intake.use_cases.letters_sending import send_due
from shared.database import is_postgres
from shared.net import Unanswered
from shared.trail import Doer
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake.letters import (
    API,
    BOTH,
    BY_MAIL,
    BY_TEXT,
    WRONG,
    code_in,
    coded,
    deeds,
    made,
    office,
    refused_everywhere,
    shown,
    web,
)
from tests.intake.office import LETTER, OfficeInMemory

__all__ = ["office", "web"]


@pytest.mark.parametrize(
    ("known", "ways", "to"),
    [
        (Known("13800138000", "a@b.invalid"), BOTH, (By.EMAIL, "***@b.invalid")),
        (Known("13800138000", "ab@b.invalid"), BY_TEXT, (By.SMS, "138****8000")),
        (Known("0999-1234567", None), BOTH, None),
        (Known("13800138000", None), BY_MAIL, None),
        (Known(None, None), BOTH, None),
    ],
)
def test_where_a_code_goes(known: Known, ways: Ways, to: tuple[By, str] | None) -> None:
    found = destination(known, ways)
    if to is None:
        assert found is None
        return
    assert found is not None
    assert (found.by, found.masked) == to
    assert found.address not in repr(found)


def test_one_address_is_one_however_it_is_written() -> None:
    one, other = (Destination(By.EMAIL, text) for text in ("A@B.invalid", "a@b.invalid"))
    assert one.material == other.material


async def test_five_tries_and_even_the_right_code_is_worthless(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    it = await made(web, office)
    code = await coded(web, database, office, it)
    answers = [
        await web.post(API, json=shown(it, letters_code=typed))
        for typed in ("0000 0000", "", "x" * 40, "٤", "0000 0001", code)
    ]
    said = {(one.status_code, one.json()["detail"]) for one in answers}
    assert len(said) == 1
    assert WRONG in said.pop()[1]
    clock.move(minutes=1)
    again = await coded(web, database, office, it)
    assert again != code
    assert (await web.post(API, json=shown(it, letters_code=again))).status_code == 200


async def test_a_code_of_somebody_elses_complaint_opens_nothing(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    mine, other = (
        await made(web, office),
        await made(web, office, name="李四", email="li@e.invalid"),
    )
    code = await coded(web, database, office, mine)
    await coded(web, database, office, other)
    await refused_everywhere(web, other, letters_code=code)
    access = (await web.post(API, json=shown(mine, letters_code=code))).json()["access"]
    address = f"{API}/{LETTER.id}/pdf"
    for typed in (access, access[:-2], "x", ""):
        assert (await web.post(address, json=shown(other, access=typed))).status_code == 403
    strange = f"{API}/{UUID(int=1)}/pdf"
    assert (await web.post(strange, json=shown(mine, access=access))).status_code == 404


async def test_only_the_last_code_is_good_and_few_go_out(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    it = await made(web, office)
    first = await coded(web, database, office, it)
    same = (await web.post(f"{API}/code", json=shown(it))).json()
    assert await send_due(database, office) == 0
    clock.move(minutes=1)
    await coded(web, database, office, it)
    await refused_everywhere(web, it, letters_code=first)
    for _ in range(8):
        clock.move(minutes=1)
        assert (await web.post(f"{API}/code", json=shown(it))).json() == same
        await send_due(database, office)
    assert len(office.mails) == 5
    clock.move(days=1)
    await coded(web, database, office, it)
    assert len(office.mails) == 6


async def test_one_mailbox_is_not_flooded_through_many_complaints(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    for n in range(6):
        it = await made(
            web, office, email=("zhang@example.invalid", "Zhang@Example.invalid")[n % 2]
        )
        for _ in range(2):
            clock.move(minutes=1)
            await web.post(f"{API}/code", json=shown(it))
            await send_due(database, office)
    assert len(office.mails) == 10


async def test_codes_for_many_complaints_that_are_asked_for_at_once_are_sent_no_more_than_that(
    web: httpx.AsyncClient, database: Database, twin: Database, office: OfficeInMemory
) -> None:
    made_before = [await made(web, office) for _ in range(12)]
    for it in made_before[:9]:
        await web.post(f"{API}/code", json=shown(it))
    ways = Ways(email=True)
    async with database.work() as work:
        await letters_codes.ask(work, UUID(made_before[9]["id"]), ways)
        if is_postgres(database.engine):  # SQLite has one writer
            async with twin.work() as other:
                for it in made_before[10:]:
                    await letters_codes.ask(other, UUID(it["id"]), ways)
    while await send_due(database, office):
        pass
    assert len(office.mails) == 10


async def test_who_gave_no_address_is_told_so_and_nothing_is_sent(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    it = await made(web, office, email=None)
    answer = await web.post(f"{API}/code", json=shown(it))
    assert answer.json() == {"sent_to": None, "by": None}
    assert await send_due(database, office) == 0
    await refused_everywhere(web, it, letters_code="")


async def test_a_mobile_phone_gets_it_by_text_where_a_gateway_is_there(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    office.can = Ways(email=True, sms=True)
    it = await made(web, office, email=None)
    asked = await web.post(f"{API}/code", json=shown(it))
    assert asked.json() == {"sent_to": "138****8000", "by": "sms"}
    await send_due(database, office)
    [text] = office.texts
    assert text.to == "13800138000"
    opened_by = shown(it, letters_code=code_in(text.text))
    assert (await web.post(API, json=opened_by)).status_code == 200


async def test_while_the_sender_is_away_it_is_tried_again_and_given_up_when_it_is_late(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    it = await made(web, office)
    await web.post(f"{API}/code", json=shown(it))
    office.away = True
    assert await send_due(database, office) == 1
    assert await send_due(database, office) == 0
    clock.move(minutes=1)
    office.away = False
    assert await send_due(database, office) == 1
    assert len(office.mails) == 1
    clock.move(minutes=1)
    await web.post(f"{API}/code", json=shown(it))
    clock.move(minutes=3)
    assert await send_due(database, office) == 1
    assert await send_due(database, office) == 0
    assert len(office.mails) == 1
    asked = [one for one in await deeds(database, it["id"]) if one[0] == "code.sent"]
    assert len(asked) == 1


class LateOffice(OfficeInMemory):
    """Takes every message, and its answer never arrives."""

    async def send(self, mail: Mail) -> bool:
        await super().send(mail)
        raise Unanswered("too late")


async def test_who_takes_messages_and_answers_too_late_gets_three_for_one_request(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    late = LateOffice()
    await web.post(f"{API}/code", json=shown(await made(web, office)))
    for _ in range(60):
        await send_due(database, late)
        clock.move(seconds=10)
    assert len(late.mails) == 3
    assert await send_due(database, late) == 0


class SlowOffice(OfficeInMemory):
    """Takes a message only when it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    async def send(self, mail: Mail) -> bool:
        self.reached.set()
        await self.go_on.wait()
        return await super().send(mail)


async def test_a_code_that_one_process_sends_no_other_sends(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    slow = SlowOffice()
    await web.post(f"{API}/code", json=shown(await made(web, office)))
    sending = asyncio.create_task(send_due(database, slow))
    await slow.reached.wait()
    assert await send_due(database, office) == 0
    slow.go_on.set()
    assert await sending == 1
    assert (len(slow.mails), len(office.mails)) == (1, 0)
    clock.move(minutes=2)
    assert await send_due(database, office) == 0


async def test_a_code_that_waits_behind_a_slow_one_is_sent_by_another_process_and_once(
    web: httpx.AsyncClient, database: Database, twin: Database, office: OfficeInMemory
) -> None:
    slow = SlowOffice()
    first = await made(web, office)
    second = await made(web, office, email="li@example.invalid")
    for one in (first, second):
        await web.post(f"{API}/code", json=shown(one))
    sending = asyncio.create_task(send_due(database, slow))
    await slow.reached.wait()
    assert await send_due(twin, office) == 1
    slow.go_on.set()
    assert await sending == 1
    assert len(slow.mails) == len(office.mails) == 1
    assert {one.to for one in (*slow.mails, *office.mails)} == {
        "zhang@example.invalid",
        "li@example.invalid",
    }


async def test_a_code_whose_sender_died_is_sent_by_another(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    slow = SlowOffice()
    await web.post(f"{API}/code", json=shown(await made(web, office)))
    sending = asyncio.create_task(send_due(database, slow))
    await slow.reached.wait()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    clock.move(minutes=1)
    assert await send_due(database, office) == 1
    assert (len(slow.mails), len(office.mails)) == (0, 1)


async def test_a_code_does_not_go_where_the_address_was_corrected_meanwhile(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    it, other = await made(web, office), await made(web, office, email="li@example.invalid")
    await web.post(f"{API}/code", json=shown(it))
    async with database.work() as work:
        theirs = await work.session.get_one(ComplaintRow, UUID(other["id"]))
        assert theirs.complainant is not None
        who = work.vault.open(theirs.complainant, theirs.id)
        sealed = work.vault.seal(who, "complaints.complainant", UUID(it["id"]))
        mine = update(ComplaintRow).where(ComplaintRow.id == UUID(it["id"]))
        await work.session.execute(mine.values(complainant=sealed))
    assert await send_due(database, office) == 1
    assert office.mails == []


async def test_what_is_kept_is_neither_code_nor_address_and_goes_with_the_complaint(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    it = await made(web, office)
    code = (await coded(web, database, office, it)).replace(" ", "")
    async with database.reading() as session:
        row = (await session.scalars(select(MailedCodeRow))).one()
        rows = list(await session.scalars(select(AuditRow).where(AuditRow.kind == "complaint")))
    assert row.purpose == "letters-code"
    for value in (row.code_mac, row.to_mac):
        assert value is not None
        assert code.encode() not in bytes(value)
        assert b"zhang" not in bytes(value)
    said = [opened(database.vault, one.sealed, one.id) for one in rows]
    assert code not in str(said)
    assert "zhang" not in str(said)
    async with database.work() as work:
        await empty(work, {UUID(it["id"]): "request"}, Doer("system"))
    async with database.reading() as session:
        assert (await session.scalars(select(MailedCodeRow))).all() == []


async def test_while_notification_is_away_nothing_opens_and_it_is_said(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    it = await made(web, office)
    office.away = True
    assert (await web.post(f"{API}/code", json=shown(it))).status_code == 503
    async with database.reading() as session:
        assert (await session.scalars(select(MailedCodeRow))).all() == []


async def test_no_log_and_no_address_of_a_request_tells_code_or_mailbox(
    web: httpx.AsyncClient,
    database: Database,
    office: OfficeInMemory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    it = await made(web, office)
    code = await coded(web, database, office, it)
    for typed in ("0000 0001", code):
        await web.post(API, json=shown(it, letters_code=typed))
    office.away = True
    await web.post(f"{API}/code", json=shown(it))
    said = "".join(capsys.readouterr())
    assert said.count(API) >= 3
    for secret in (code, code.replace(" ", ""), "zhang", "13800138000", it["query_code"]):
        assert secret not in said
