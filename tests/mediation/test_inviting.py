"""A respondent sees their case with link and code, and nothing of whoever complained."""

import asyncio
import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select

from services.mediation.tables import CaseRow, InvitationRow
from services.mediation.use_cases.inviting import NothingToShowError, current, enter, invite
from shared.rights import Grant, NotAllowedError, Rights, Role
from shared.trail.refusals import refusals_of
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.meanwhile import stopped
from tests.mediation.things import (
    Colleague,
    IntakeInMemory,
    a_case,
    a_colleague,
    a_record,
    caller_as,
    form_token,
    the_case,
    walk,
)

WORDS: dict[str, Any] = {
    "subject": "餐桌开裂",
    "text": "我是周晓明，电话13800000000，桌面裂了。",
    "claims": [{"kind": "refund", "amount_fen": 12900}],
}


async def count(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(InvitationRow)) or 0


def another_browser(colleague: Colleague) -> httpx.AsyncClient:
    """Somebody else's browser, at the same site."""
    transport = colleague.client._transport  # noqa: SLF001 - what leads to the site
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def deeds(database: Database) -> list[str]:
    async with database.reading() as session:
        wanted = AuditRow.action.startswith("invitation")
        return list(
            await session.scalars(select(AuditRow.action).where(wanted).order_by(AuditRow.id))
        )


async def invited(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> tuple[str, str, str]:
    """Number, link and code of a case whose respondent is invited."""
    case = await walk(database, await a_case(database), lin.actor, "accept", "forward")
    intake.records[case.complaint_id] = a_record(case.complaint_id, words=WORDS)
    address = f"/mediation/cases/{case.number}/invitation"
    page = await lin.client.get(address)
    answer = await lin.client.post(address, data={"form_token": form_token(page)})
    assert answer.status_code == 303
    shown = (await lin.client.get(address)).text
    link = re.search(r"/mediation/respondent/(\w{10})<", shown)
    code = re.search(r"<span class=\"code\">(\w{4} \w{4} \w{4})<", shown)
    assert link
    assert code
    assert code[1] not in (await lin.client.get(address)).text
    return case.number, link[1], code[1]


async def entered(browser: httpx.AsyncClient, key: str, code: str) -> httpx.Response:
    address = f"/mediation/respondent/{key}"
    page = await browser.get(address)
    form = {"form_token": form_token(page), "code": code}
    return await browser.post(address, data=form)


async def test_with_link_and_code_the_case_is_shown_without_whoever_complained(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    number, key, code = await invited(lin, database, intake)
    async with another_browser(lin) as browser:
        answer = await entered(browser, key.lower(), code.lower().replace(" ", "-"))
        assert (answer.status_code, answer.headers["location"]) == (303, "/mediation/respondent")
        page = (await browser.get("/mediation/respondent")).text
        for one in (number, "餐桌开裂", "129", "周**", "6月29日", "lin调解员"):
            assert one in page, one
        for one in ("周晓明", "13800000000"):
            assert one not in page
        assert (await browser.get("/mediation/cases")).status_code == 401
    assert await deeds(database) == ["invitation.made", "invitation.used"]


async def test_a_wrong_link_and_a_wrong_code_hear_the_same(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    number, key, code = await invited(lin, database, intake)
    async with another_browser(lin) as browser:
        wrong = await entered(browser, key, "0000 0000 0000")
        strange = await entered(browser, "0000000000", code)
        assert wrong.status_code == strange.status_code == 404
        hidden = re.compile(rf"{key}|0000000000|value=\"[^\"]+\"")
        assert hidden.sub("", wrong.text) == hidden.sub("", strange.text)
        assert "number" not in (await browser.get("/mediation/respondent")).text
    assert await deeds(database) == ["invitation.made"]
    case = await the_case(database, number)
    tried = [said.values["tried"] for _, said in refusals_of(database).waiting]
    assert tried[0] == {"kind": "case", "id": str(case.id)}
    assert set(tried[1]) == {"kind", "hash"}


async def test_a_new_invitation_ends_the_old_one_and_time_ends_the_new_one(
    lin: Colleague, database: Database, intake: IntakeInMemory, clock: StandingClock
) -> None:
    number, key, code = await invited(lin, database, intake)
    fresh = await invite(database, number, caller_as(lin.actor), 30)
    async with another_browser(lin) as browser:
        assert (await entered(browser, key, code)).status_code == 404
        assert (await entered(browser, fresh.key, fresh.code)).status_code == 303
        assert number in (await browser.get("/mediation/respondent")).text
        clock.move(days=30)
        assert number not in (await browser.get("/mediation/respondent")).text
        assert (await entered(browser, fresh.key, fresh.code)).status_code == 404


async def test_of_two_invitations_at_once_one_alone_is_good(
    on_postgresql: Database,
) -> None:
    database = on_postgresql
    lin = await a_colleague(database)
    case = await walk(database, await a_case(database), lin, "accept", "forward")
    async with database.work() as work:
        await work.session.execute(select(CaseRow.id).with_for_update())
        inviting = [
            asyncio.create_task(invite(database, case.number, caller_as(lin), 7)) for _ in range(2)
        ]
        assert await stopped(database, *inviting) == 2
    keys = {(await one).key for one in inviting}
    async with database.reading() as session:
        rows = list(await session.scalars(select(InvitationRow)))
        good = [one.key for one in rows if one.ended_at is None]
    assert {one.key for one in rows} == keys
    assert len(good) == 1


async def test_of_two_who_enter_at_once_one_is_noted_as_the_first(
    on_postgresql: Database,
) -> None:
    database = on_postgresql
    lin = await a_colleague(database)
    case = await walk(database, await a_case(database), lin, "accept", "forward")
    made = await invite(database, case.number, caller_as(lin), 7)
    async with database.work() as work:
        await work.session.execute(select(InvitationRow.id).with_for_update())
        entering = [asyncio.create_task(enter(database, made.key, made.code)) for _ in range(2)]
        assert await stopped(database, *entering) == 2
    assert [(await one).key for one in entering] == [made.key, made.key]
    assert await deeds(database) == ["invitation.made", "invitation.used"]


async def test_an_invitation_that_is_taken_back_opens_nothing(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    number, key, code = await invited(lin, database, intake)
    async with another_browser(lin) as browser:
        assert (await entered(browser, key, code)).status_code == 303
        page = await lin.client.get(f"/mediation/cases/{number}/invitation")
        form = {"form_token": form_token(page)}
        answer = await lin.client.post(f"/mediation/cases/{number}/invitation/end", data=form)
        assert answer.status_code == 303
        assert number not in (await browser.get("/mediation/respondent")).text
        assert (await entered(browser, key, code)).status_code == 404
    assert await deeds(database) == ["invitation.made", "invitation.used", "invitation.ended"]


async def test_an_invitation_ends_with_the_mediation_of_its_case(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    number, key, code = await invited(lin, database, intake)
    async with another_browser(lin) as browser:
        assert (await entered(browser, key, code)).status_code == 303
        await walk(database, await the_case(database, number), lin.actor, "agree")
        assert number not in (await browser.get("/mediation/respondent")).text
        assert (await entered(browser, key, code)).status_code == 404


async def test_nobody_is_invited_before_the_case_is_forwarded_or_without_the_right(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database)
    with pytest.raises(NothingToShowError):
        await invite(database, case.number, caller_as(lin.actor), 30)
    forwarded = await walk(database, await a_case(database), lin.actor, "accept", "forward")
    reader = caller_as(lin.actor, "main")
    auditor = replace(reader, rights=Rights((Grant(Role.AUDITOR, UUID(int=9), "main"),)))
    with pytest.raises(NotAllowedError):
        await invite(database, forwarded.number, auditor, 30)
    assert await count(database) == 0
    assert await deeds(database) == []
    async with database.reading() as session:
        assert await current(session, forwarded.id, database.clock()) is None
