"""However often the mail of a lost code is tried, it is one code, and floods nobody's mailbox."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from services.intake.domain.lost_code import GIVE_UP, GOOD_FOR, again_at
from services.intake.ports import Mail
from services.intake.tables import ComplaintRow, LostCodeRow, MailedCodeRow
from services.intake.use_cases.amending import Amendment, apply_amendments
from services.intake.use_cases.codes import code_of as query_code_of
from services.intake.use_cases.looking_up import by_number
from services.intake.use_cases.lost_codes_answering import answer_due, claimed
from services.intake.use_cases.lost_codes_owing import owed_to
from services.intake.use_cases.noting import CITIZEN
from services.intake.use_cases.renewing import renew_code
from shared.database import is_postgres
from shared.net import Unanswered
from shared.work import Database
from tests.conftest import NOON, StandingClock
from tests.intake.builders import a_complaint
from tests.intake.test_api import CREATE
from tests.intake.test_lost_code import (
    ADDRESS,
    WHO,
    Postman,
    ask,
    code_in,
    deeds,
    generation,
    made,
    redeem,
)
from tests.intake.test_pages import kept
from tests.mediation.meanwhile import stopped

__all__ = ["made"]
PHONE = "13800138000"


class LatePostman(Postman):
    """Takes every mail, and its answer never arrives."""

    async def send(self, mail: Mail) -> bool:
        await super().send(mail)
        raise Unanswered("too late")


class SlowPostman(Postman):
    """Takes a mail only when it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    async def send(self, mail: Mail) -> bool:
        self.reached.set()
        await self.go_on.wait()
        return await super().send(mail)


def test_a_mail_is_tried_five_times_and_its_code_is_over_before_the_request_is() -> None:
    tries = [NOON]
    while (after := again_at(NOON, tries[-1])) < NOON + GIVE_UP:
        tries.append(after)
    assert [(one - NOON) / timedelta(minutes=1) for one in tries] == [0, 1, 3, 9, 27]
    assert tries[-1] + GOOD_FOR < NOON + GIVE_UP


async def walked(database: Database, post: Postman, clock: StandingClock, minutes: int) -> None:
    """So many minutes, with a look after each half."""
    for _ in range(2 * minutes):
        await answer_due(database, post, ADDRESS)
        clock.move(seconds=30)


async def test_mails_whose_answers_were_lost_are_few_and_bring_one_code_that_works(
    web: httpx.AsyncClient, database: Database, made: dict[str, str], clock: StandingClock
) -> None:
    late = LatePostman()
    await ask(web, made["number"], PHONE)
    await walked(database, late, clock, 28)
    assert len(late.taken) == 5
    assert len({code_in(one) for one in late.taken}) == 1
    assert len({one.id for one in late.taken}) == 1
    assert (await redeem(web, made["number"], code_in(late.taken[0]))).status_code == 200
    assert await generation(database) == 2
    assert [one for one, _ in await deeds(database, made["id"])] == [
        "code.asked",
        "code.used",
        "code.renewed",
    ]


async def test_a_code_that_was_used_meanwhile_is_mailed_no_more(
    web: httpx.AsyncClient, database: Database, made: dict[str, str], clock: StandingClock
) -> None:
    late = LatePostman()
    await ask(web, made["number"], PHONE)
    await answer_due(database, late, ADDRESS)
    assert (await redeem(web, made["number"], code_in(late.taken[0]))).status_code == 200
    await walked(database, late, clock, 30)
    assert len(late.taken) == 1
    assert await kept(database, LostCodeRow) == 0


async def test_what_may_have_gone_to_an_address_that_was_corrected_since_is_worth_nothing(
    web: httpx.AsyncClient, database: Database, made: dict[str, str], clock: StandingClock
) -> None:
    late = LatePostman()
    await ask(web, made["number"], PHONE)
    await answer_due(database, late, ADDRESS)
    changes = {"/complainant/email": "zhang.san@example.invalid"}
    async with database.work() as work:
        await apply_amendments(work, [Amendment(UUID(int=5), UUID(made["id"]), changes)])
    await walked(database, late, clock, 2)
    assert [one.to for one in late.taken] == [WHO["email"]]
    assert (await redeem(web, made["number"], code_in(late.taken[0]))).status_code == 404
    clock.move(minutes=10)
    post = Postman()
    await ask(web, made["number"], PHONE)
    assert await answer_due(database, post, ADDRESS) == 1
    assert [one.to for one in post.taken] == ["zhang.san@example.invalid"]


async def test_a_code_is_good_for_half_an_hour_from_the_try_that_reached_somebody(
    web: httpx.AsyncClient, database: Database, made: dict[str, str], clock: StandingClock
) -> None:
    await ask(web, made["number"], PHONE)
    await walked(database, Postman(away=True), clock, 9)
    post = Postman()
    assert await answer_due(database, post, ADDRESS) == 1
    clock.move(minutes=29)
    assert (await redeem(web, made["number"], code_in(post.taken[0]))).status_code == 200


async def test_after_an_hour_it_is_given_up_unsent_and_may_be_asked_for_three_times_more(
    web: httpx.AsyncClient, database: Database, made: dict[str, str], clock: StandingClock
) -> None:
    await ask(web, made["number"], PHONE)
    await walked(database, Postman(away=True), clock, 60)
    post = Postman()
    await walked(database, post, clock, 60)
    assert post.taken == []
    assert [await kept(database, one) for one in (LostCodeRow, MailedCodeRow)] == [0, 0]
    for _ in range(4):
        await ask(web, made["number"], PHONE)
        await walked(database, post, clock, 11)
    assert len(post.taken) == 3


async def test_a_request_that_one_process_answers_no_other_answers(
    web: httpx.AsyncClient, database: Database, twin: Database, made: dict[str, str]
) -> None:
    slow, other = SlowPostman(), Postman()
    await ask(web, made["number"], PHONE)
    answering = asyncio.create_task(answer_due(database, slow, ADDRESS))
    await slow.reached.wait()
    assert await answer_due(twin, other, ADDRESS) == 0
    slow.go_on.set()
    assert await answering == 1
    assert (len(slow.taken), len(other.taken)) == (1, 0)
    assert [one for one, _ in await deeds(database, made["id"])] == ["code.asked", "code.sent"]


async def test_what_a_process_left_that_died_another_mails_with_the_same_code(
    web: httpx.AsyncClient,
    database: Database,
    twin: Database,
    made: dict[str, str],
    clock: StandingClock,
) -> None:
    slow, other = SlowPostman(), Postman()
    await ask(web, made["number"], PHONE)
    answering = asyncio.create_task(answer_due(database, slow, ADDRESS))
    await slow.reached.wait()
    answering.cancel()
    await asyncio.gather(answering, return_exceptions=True)
    assert await answer_due(twin, other, ADDRESS) == 0
    clock.move(minutes=3)
    assert await answer_due(twin, other, ADDRESS) == 1
    assert (await redeem(web, made["number"], code_in(other.taken[0]))).status_code == 200


async def test_of_two_requests_that_two_processes_answer_at_once_one_is_mailed(
    web: httpx.AsyncClient, database: Database, twin: Database, made: dict[str, str]
) -> None:
    for _ in range(2):
        await ask(web, made["number"], PHONE)
    first = await claimed(twin)
    post = Postman()
    async with twin.work() as work:
        assert await owed_to(work, first) is not None
        second = asyncio.create_task(answer_due(database, post, ADDRESS))
        if is_postgres(database.engine):  # SQLite has one writer: the second waits to begin
            assert await stopped(database, second) == 1
    assert await second == 1
    assert post.taken == []
    assert await kept(database, MailedCodeRow) == 1


async def test_one_mailbox_is_not_flooded_through_many_complaints(
    web: httpx.AsyncClient, database: Database
) -> None:
    post = Postman()
    for n in range(12):
        who = WHO | {"email": ("zhang@example.invalid", "Zhang@Example.invalid")[n % 2]}
        receipt = (await web.post(CREATE, json=a_complaint(complainant=who))).json()
        await ask(web, receipt["number"], PHONE)
    assert await answer_due(database, post, ADDRESS) == 12
    assert len(post.taken) == 10
    assert await kept(database, LostCodeRow) == 0


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.postgres
async def test_a_code_that_two_processes_renew_at_once_is_renewed_twice(
    database: Database, twin: Database, made: dict[str, str]
) -> None:
    async with database.work() as work:
        row = await by_number(work.session, made["number"])
        assert row is not None
        async with twin.work() as other:
            theirs = await renew_code(other, row.id, CITIZEN)
        ours = await renew_code(work, row.id, CITIZEN)
    assert ours != theirs
    async with database.reading() as session:
        kept_now = (await session.scalars(select(ComplaintRow))).one()
    assert kept_now.code_generation == 3
    assert ours == query_code_of(database.vault, kept_now.id, 3)
