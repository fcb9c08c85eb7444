"""What sisters and the console may ask: accounts, the calendar, legal dates, the audit."""

from typing import Any

import httpx
import pytest

from services.mediation.use_cases.staff import add_staff, first_accounts
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.seeds import HOME
from tests.mediation.things import PASSWORD, Colleague, a_case

RULE_2027 = (HOME / "calendar" / "2027.csv").read_text("utf-8")
LOGIN = "/mediation/api/v1/login"


async def test_without_a_service_token_nothing_internal_opens(
    stranger: httpx.AsyncClient, lin: Colleague
) -> None:
    for path in ("/internal/session", "/internal/staff", "/internal/clock"):
        assert (await stranger.post(path, json={})).status_code == 401
    assert (await stranger.get("/internal/audit")).status_code == 401


async def test_the_first_accounts_are_made_once(database: Database) -> None:
    async with database.work() as work:
        made = await first_accounts(work, demo=True)
    assert [name for name, _ in made] == ["admin", "demo"]
    assert len({password for _, password in made}) == 2
    async with database.work() as work:
        assert await first_accounts(work, demo=True) == []


async def test_an_empty_installation_begins_with_one_administrator(
    sister: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    answer = await sister.post("/internal/first-accounts", json={"demo": False})
    [account] = answer.json()["accounts"]
    assert account["name"] == "admin"
    form = {"name": "admin", "password": account["password"], "new_password": PASSWORD}
    told = (await stranger.post(LOGIN, json=form)).json()
    assert (told["role"], told["body"]) == ("administrator", "")


async def test_an_account_is_added_reset_and_ended(
    sister: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    account = {"name": "Chen", "display": "陈", "role": "mediator", "body": "main"}
    added = await sister.post("/internal/staff", json=account)
    assert added.status_code == 200
    taken = await sister.post("/internal/staff", json=account | {"name": "CHEN"})
    assert (taken.status_code, taken.json()["errors"][0]["pointer"]) == (409, "/name")
    reset = (await sister.post("/internal/staff/chen/reset")).json()
    old = {"name": "chen", "password": added.json()["password"], "new_password": PASSWORD}
    assert (await stranger.post(LOGIN, json=old)).status_code == 401
    fresh = old | {"password": reset["password"]}
    assert (await stranger.post(LOGIN, json=fresh)).status_code == 200
    assert (await sister.post("/internal/staff/chen/end")).status_code == 200
    gone = {"name": "chen", "password": PASSWORD}
    assert (await stranger.post(LOGIN, json=gone)).status_code == 401
    assert (await sister.post("/internal/staff/nobody/end")).status_code == 404


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"name": "x"}, "/name"), ({"name": "a b"}, None), ({"role": "king"}, "/role")],
)
async def test_an_account_that_cannot_be_is_refused(
    sister: httpx.AsyncClient, change: dict[str, str], pointer: str | None
) -> None:
    account = {"name": "wang", "display": "王", "role": "mediator"} | change
    answer = await sister.post("/internal/staff", json=account)
    if pointer is None:
        assert answer.json()["name"] == "a b"
        return
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_the_calendar_shows_a_year_and_takes_a_notice(
    sister: httpx.AsyncClient, database: Database, clock: StandingClock
) -> None:
    before = (await sister.get("/internal/calendar/2026")).json()
    assert (before["working_days"], before["confirmed"], len(before["days"])) == (248, True, 365)
    assert not (await sister.get("/internal/calendar/2027")).json()["confirmed"]
    question = {"pack": "association", "clock": "accept", "start": "2026-12-28"}
    assert (await sister.post("/internal/clock", json=question)).json()["status"] == "PROVISIONAL"
    notice = (
        RULE_2027.replace(",no\n", ",yes\n")
        + "2027-01-02,REST,元旦,a notice,yes\n2027-01-03,REST,元旦,a notice,yes\n"
    )
    taken = await sister.post("/internal/calendar", json={"text": notice})
    assert taken.json()["years"] == [2027]
    assert taken.json()["version"] != before["version"]
    after = (await sister.post("/internal/clock", json=question)).json()
    assert (after["status"], after["legal_due"]) == ("FINAL", "2027-01-07")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "第一行应当是"),
        ("date,kind,festival,source,confirmed\n", "文件里没有日期。"),
        ("date,kind,festival,source,confirmed\n2027-01-01,STATUTORY,元旦,x\n", "第2行读不懂。"),
        ("date,kind,festival,source,confirmed\n2027-13-01,STATUTORY,元旦,x,yes\n", "第2行读不懂。"),
        ("date,kind,festival,source,confirmed\n2027-01-04,REST,元旦,x,yes\n", "与星期不符"),
    ],
)
async def test_a_broken_calendar_file_is_refused_whole(
    sister: httpx.AsyncClient, text: str, sentence: str
) -> None:
    before = (await sister.get("/internal/calendar/2027")).json()
    answer = await sister.post("/internal/calendar", json={"text": text})
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]
    assert (await sister.get("/internal/calendar/2027")).json() == before


async def test_a_legal_date_is_explained(sister: httpx.AsyncClient) -> None:
    question = {
        "pack": "association", "clock": "mediate", "start": "2026-03-02",
        "pauses": ["2026-03-10..2026-03-12"], "extension": "2026-03-30",
    }  # fmt: skip
    told = (await sister.post("/internal/clock", json=question)).json()
    assert (told["target_due"], told["legal_due"], told["status"]) == (
        "2026-05-03", "2026-05-06", "FINAL",
    )  # fmt: skip
    assert told["derivation"]["pauses"] == [["2026-03-10", "2026-03-12"]]
    assert told["sentence"]["zh"].startswith("自2026-03-02受理之次日起30日，2026-03-30批准延长30日")


async def test_an_instant_counts_from_its_day_in_shanghai(sister: httpx.AsyncClient) -> None:
    question = {"pack": "association", "clock": "accept", "start": "2026-02-12T17:30:00Z"}
    assert (await sister.post("/internal/clock", json=question)).json()["legal_due"] == "2026-03-02"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"pack": "bank"}, 404),
        ({"clock": "appeal"}, 404),
        ({"start": "soon"}, 422),
        ({"start": "2026-02-12T17:30:00"}, 422),
        ({"start": "1990-01-01"}, 422),
        ({"pauses": ["2026-03-10"]}, 422),
        ({"pauses": ["2026-03-10..2026-03-01"]}, 422),
        ({"extension": "2026-04-02"}, 422),
        ({"clock": "accept", "extension": "2026-03-03"}, 422),
    ],
)
async def test_a_question_that_cannot_be_answered_says_why(
    sister: httpx.AsyncClient, change: dict[str, Any], status: int
) -> None:
    question = {"pack": "association", "clock": "mediate", "start": "2026-03-02"} | change
    answer = await sister.post("/internal/clock", json=question)
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]


async def test_the_audit_is_told(sister: httpx.AsyncClient, database: Database) -> None:
    await a_case(database)
    assert (await sister.get("/internal/audit")).json() == {
        "intact": True, "cases": 1, "rows": 1, "break": None,
    }  # fmt: skip


async def test_an_added_account_must_choose_its_own_password(database: Database) -> None:
    async with database.work() as work:
        password = await add_staff(work, "li", display="李", role="registrar")
    assert len(password) == 19
