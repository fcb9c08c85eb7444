"""Whoever holds a stolen session lends nobody's rights: standing in (代理) takes the password."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx

from services.mediation.tables import StaffRow, StandInRow
from services.mediation.use_cases.hashing import NOBODYS
from services.mediation.use_cases.people import standing_in
from services.mediation.use_cases.people.changing import reset_at_console
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.standing_in import WishedStandIn
from services.mediation.use_cases.recovery import approve, ask
from services.mediation.use_cases.staff import account_of
from shared.rights import Role
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.conftest import NOON, StandingClock
from tests.mediation.doors import API, HTML, MY_PAGE, post, rows
from tests.mediation.people import Person, a_person, acting, count, noted, roles_of
from tests.mediation.test_login_recovery import REASON, administrator
from tests.mediation.things import PASSWORD, Colleague, logged_in

MINE, STAFF = f"{MY_PAGE}/stand-in", "/mediation/staff"
DAYS = {"first_on": "2026-06-23", "last_on": "2026-06-30"}
JUNE_23, JUNE_30 = date(2026, 6, 23), date(2026, 6, 30)


def me(who: Colleague) -> Person:
    assert who.actor.id
    return Person(who.actor.id, "lin")


async def arranged(database: Database, absent: Person, stand_in: Person, by: Person) -> UUID:
    async with database.work() as work:
        wished = WishedStandIn(absent.id, stand_in.id, JUNE_23, JUNE_30)
        return await standing_in.arrange(work, wished, await acting(database, by))


async def sent(who: Colleague, **form: Any) -> httpx.Response:
    return await who.client.post(f"{API}/stand-ins", json=form, headers=who.header)


async def test_five_minutes_after_the_log_in_lending_takes_the_password(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    wang = await a_person(database, "wang")
    form = {"stand_in": str(wang.id)} | DAYS
    clock.move(minutes=5)
    refused = await sent(lin, **form)
    assert (refused.status_code, refused.json()["type"]) == (403, "ProofNeededError")
    assert refused.json()["errors"][0]["pointer"] == "/password"
    wrong = await sent(lin, **form, password="guess")
    assert (wrong.status_code, wrong.json()["type"]) == (403, "WrongPasswordError")
    assert await count(database, StandInRow) == 0
    assert await roles_of(database, wang) == []
    assert await noted(database, "staff", me(lin).id) == ["staff.added"]
    assert (await sent(lin, **form, password=PASSWORD)).status_code == 201
    assert await roles_of(database, wang) == ["mediator lent"]


async def test_an_administrator_lends_a_colleagues_rights_with_the_password_only(
    stranger: httpx.AsyncClient, database: Database, clock: StandingClock
) -> None:
    boss = await logged_in(stranger, database, "boss", body="", role="administrator")
    wang = await a_person(database, "wang", Role.LEADER)
    lin = await a_person(database, "lin")
    clock.move(minutes=5)
    refused = await sent(boss, absent=str(wang.id), stand_in=str(lin.id), **DAYS)
    assert (refused.status_code, refused.json()["type"]) == (403, "ProofNeededError")
    page = f"{STAFF}/{wang.id}/stand-ins"
    fields = {"stand_in": str(lin.id)} | DAYS
    asked = await post(boss.client, page, page, **fields)
    assert (asked.status_code, 'id="proof-error"' in asked.text) == (403, True)
    assert f'<option value="{lin.id}" selected' in asked.text
    assert await count(database, StandInRow) == 0
    assert await noted(database, "staff", wang.id) == []
    done = await post(boss.client, page, page, **fields, proof=PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, f"{STAFF}/{wang.id}?done=arranged")
    assert await roles_of(database, lin) == ["leader lent"]


async def test_my_page_asks_in_place_and_keeps_what_was_typed(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    wang = await a_person(database, "wang")
    fields = {"stand_in": str(wang.id)} | DAYS
    assert 'id="proof"' not in (await lin.client.get(MINE, headers=HTML)).text
    clock.move(minutes=5)
    assert 'id="proof"' in (await lin.client.get(MINE, headers=HTML)).text
    for more, sentence in (
        ({}, "请再输一次现在的密码"),
        ({"proof": "a guess of mine"}, "现在的密码不对"),
    ):
        refused = await post(lin.client, MINE, MINE, **fields, **more)
        assert (refused.status_code, 'id="proof-error"' in refused.text) == (403, True)
        assert sentence in refused.text
        assert f'<option value="{wang.id}" selected' in refused.text
        assert ['value="2026-06-23"' in refused.text, 'value="2026-06-30"' in refused.text] == [
            True,
            True,
        ]
        assert "a guess of mine" not in refused.text
    assert await count(database, StandInRow) == 0
    done = await post(lin.client, MINE, MINE, **fields, proof=PASSWORD)
    assert done.status_code == 303
    assert await roles_of(database, wang) == ["mediator lent"]


async def test_the_question_is_there_in_english_too(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    wang = await a_person(database, "wang")
    clock.move(minutes=5)
    lin.client.cookies.set("lang", "en")
    fields = {"stand_in": str(wang.id)} | DAYS
    refused = await post(lin.client, MINE, MINE, **fields)
    assert "Present password" in refused.text
    assert "Please type your present password once more" in refused.text
    assert await count(database, StandInRow) == 0


async def test_who_has_no_password_here_signs_on_again_to_lend(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    wang = await a_person(database, "wang")
    async with database.work() as work:
        (await work.session.get_one(StaffRow, lin.actor.id)).password = NOBODYS
    clock.move(minutes=5)
    refused = await sent(lin, stand_in=str(wang.id), **DAYS)
    assert (refused.status_code, refused.json()["type"]) == (403, "SignOnAgainError")
    page = await lin.client.get(MINE, headers=HTML)
    assert f"/mediation/login/oidc?again=1&amp;next={MINE}" in page.text
    assert 'id="proof"' not in page.text
    assert await count(database, StandInRow) == 0


async def ended(database: Database) -> list[tuple[str, str, str]]:
    """Whose stand-ins were ended: in whose chain, by whom, and for whom."""
    found = [one for one in await rows(database, AuditRow) if one.action == "standin.ended"]
    return sorted((one.key, str(one.doer), str(one.for_id)) for one in found)


async def test_two_administrators_who_let_somebody_back_in_end_what_that_account_lent(
    lin: Colleague, database: Database
) -> None:
    wang, zhao = await administrator(database, "wang"), await administrator(database, "zhao")
    helper = await a_person(database, "helper")
    friend, other = await a_person(database, "friend", Role.LEADER), await a_person(database, "o")
    await arranged(database, me(lin), helper, me(lin))
    kept = await arranged(database, friend, other, friend)
    async with database.work() as work:
        which = await ask(work, wang, "lin", REASON)
    assert await roles_of(database, helper) == ["mediator lent"]
    await approve(database, zhao, which)
    assert await roles_of(database, helper) == []
    [still] = [one for one in await rows(database, StandInRow) if one.ended_at is None]
    assert still.id == kept
    [over] = [one for one in await rows(database, StandInRow) if one.ended_at is not None]
    assert (over.absent, over.stand_in, over.ended_at) == (me(lin).id, helper.id, NOON)
    assert await ended(database) == [(str(me(lin).id), str(zhao.id), str(me(lin).id))]


async def test_a_reset_ends_what_the_account_arranged_for_colleagues_too(
    database: Database,
) -> None:
    """An administrator's stolen session lends the rights of whom they manage."""
    head = await a_person(database, "head", Role.ADMINISTRATOR)
    wang = await a_person(database, "wang", Role.LEADER)
    lin, chen = await a_person(database, "lin"), await a_person(database, "chen")
    await arranged(database, wang, lin, head)
    await arranged(database, head, chen, head)
    async with database.work() as work:
        await reset_at_console(work, await account_of(work.session, "head"), CONSOLE)
    assert [await roles_of(database, one) for one in (lin, chen)] == [[], []]
    assert await count(database, StandInRow, StandInRow.ended_at.is_(None)) == 0
    assert await ended(database) == sorted(
        (str(one.id), "None", str(head.id)) for one in (wang, head)
    )


async def test_my_page_says_who_acts_for_me_until_when_and_ends_it(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    wang, chen = await a_person(database, "wang"), await a_person(database, "chen", Role.LEADER)
    page = (await lin.client.get(MY_PAGE, headers=HTML)).text
    assert "没有人代理您" in page
    one = await arranged(database, me(lin), wang, me(lin))
    await arranged(database, chen, me(lin), chen)
    page = (await lin.client.get(MY_PAGE, headers=HTML)).text
    section = page.split('aria-labelledby="stand-ins"')[1].split("</section>")[0]
    assert "wang同志" in section
    assert '<time datetime="2026-06-30"' in section
    assert "chen" not in section
    assert f'action="{MINE}/{one}/end"' in section
    assert (await post(lin.client, f"{MINE}/{one}/end")).status_code == 303
    assert await roles_of(database, wang) == []
    lin.client.cookies.set("lang", "en")
    assert "Nobody acts for you" in (await lin.client.get(MY_PAGE, headers=HTML)).text
