"""Accounts of colleagues, as the console makes, resets and ends them."""

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from services.mediation.domain.accounts import BadAccountError
from services.mediation.tables import StaffRow
from services.mediation.use_cases.people.changing import reset_at_console
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.staff import (
    NameTakenError,
    account_of,
    add_staff,
    first_accounts,
)
from shared.work import Database
from tests.mediation.keeping import noted
from tests.mediation.things import PASSWORD

LOGIN = "/mediation/api/v1/login"
CHEN: dict[str, Any] = {"display": "陈", "role": "mediator", "body": "main"}


async def added(database: Database, name: str, **facts: Any) -> str:
    async with database.work() as work:
        return await add_staff(work, name, **(CHEN | facts))


async def accounts(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(StaffRow)) or 0


async def log_in(client: httpx.AsyncClient, password: str, new: str | None = None) -> int:
    form = {"name": "chen", "password": password} | ({"new_password": new} if new else {})
    return (await client.post(LOGIN, json=form)).status_code


async def test_the_first_accounts_are_made_once(database: Database) -> None:
    async with database.work() as work:
        made = await first_accounts(work, demo=True)
    assert [name for name, _ in made] == ["admin", "demo"]
    assert len({password for _, password in made}) == 2
    async with database.work() as work:
        assert await first_accounts(work, demo=True) == []
    assert await accounts(database) == 2


async def test_the_trail_says_what_the_very_first_account_may_do(database: Database) -> None:
    async with database.work() as work:
        await first_accounts(work, demo=False)
    [first, granted] = await noted(database, "staff")
    assert (first[0], first[2]["role"]) == ("staff.added", "administrator")
    assert granted[0] == "role.granted"
    assert granted[2] == {
        "role": "secretary_general",
        "body": "",
        "unit": None,
        "first_on": "2026-06-23",
        "last_on": None,
    }


async def test_an_empty_installation_begins_with_one_administrator(
    database: Database, stranger: httpx.AsyncClient
) -> None:
    async with database.work() as work:
        [(name, password)] = await first_accounts(work, demo=False)
    assert name == "admin"
    form = {"name": "admin", "password": password, "new_password": PASSWORD}
    told = (await stranger.post(LOGIN, json=form)).json()
    assert (told["role"], told["body"]) == ("administrator", "")


async def test_an_account_is_added_reset_and_ended(
    database: Database, stranger: httpx.AsyncClient
) -> None:
    first = await added(database, "Chen")
    async with database.work() as work:
        second = await reset_at_console(work, await account_of(work.session, "chen"), CONSOLE)
    assert second is not None
    assert await log_in(stranger, first, PASSWORD) == 401
    assert await log_in(stranger, second, PASSWORD) == 200
    async with database.work() as work:
        await end_person(work, (await account_of(work.session, "CHEN")).id, CONSOLE)
    assert await log_in(stranger, PASSWORD) == 401


async def test_an_added_account_must_choose_its_own_password(
    database: Database, stranger: httpx.AsyncClient
) -> None:
    password = await added(database, "chen")
    assert len(password) == 19
    assert await log_in(stranger, password) == 403
    assert await log_in(stranger, password, PASSWORD) == 200


async def test_a_name_is_taken_once_however_it_is_spelled(
    database: Database, stranger: httpx.AsyncClient
) -> None:
    password = await added(database, "chen")
    with pytest.raises(NameTakenError, match="这个账号已经有了，请换一个。") as taken:
        await added(database, "CHEN")
    assert taken.value.pointer == "/name"
    assert await accounts(database) == 1
    assert await log_in(stranger, password, PASSWORD) == 200


@pytest.mark.parametrize(
    ("name", "facts", "pointer"),
    [
        ("x", {}, "/name"),
        ("a/b", {}, "/name"),
        ("n" * 41, {}, "/name"),
        ("wang", {"role": "king"}, "/role"),
    ],
)
async def test_an_account_that_cannot_be_is_refused(
    database: Database, name: str, facts: dict[str, str], pointer: str
) -> None:
    with pytest.raises(BadAccountError) as refused:
        await added(database, name, **facts)
    assert refused.value.pointer == pointer
    assert await accounts(database) == 0
