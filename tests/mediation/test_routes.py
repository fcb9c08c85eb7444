"""The JSON interface: logging in, listing, stepping, and saying clearly what is wrong."""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from services.mediation.steps import FetchWords, PushAmendments, purge_sessions
from services.mediation.tables import SEALED_CHANGES, AmendmentRow
from services.mediation.use_cases import hashing, staff
from shared.ids import uuid7
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.things import (
    PASSWORD,
    Colleague,
    IntakeInMemory,
    a_case,
    a_record,
    logged_in,
    said,
    the_case,
    walk,
)

CASES = "/mediation/api/v1/cases"
LOGIN = "/mediation/api/v1/login"


async def test_the_first_log_in_demands_a_password_of_ones_own(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    async with database.work() as work:
        first = await staff.add_staff(work, "Chen", display="陈", role="mediator", body="main")
    form = {"name": "chen", "password": first}
    answer = await stranger.post(LOGIN, json=form)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (403, "/new_password")
    assert "redress_session" not in answer.cookies
    weak = await stranger.post(LOGIN, json=form | {"new_password": "short"})
    assert weak.status_code == 422
    same = await stranger.post(LOGIN, json=form | {"new_password": first})
    assert same.status_code == 422
    done = await stranger.post(LOGIN, json=form | {"new_password": PASSWORD})
    assert (done.status_code, done.json()["display"], done.json()["body"]) == (200, "陈", "main")
    assert done.headers["X-CSRF-Token"] == done.json()["csrf_token"]
    assert (await stranger.get(CASES)).status_code == 200
    old = await stranger.post(LOGIN, json=form)
    assert old.status_code == 401


async def test_an_unknown_name_and_a_wrong_password_sound_the_same(
    lin: Colleague, stranger: httpx.AsyncClient
) -> None:
    answers = [
        await stranger.post(LOGIN, json={"name": name, "password": "x"})
        for name in ("lin", "nobody")
    ]
    assert [one.status_code for one in answers] == [401, 401]
    assert answers[0].json()["detail"] == answers[1].json()["detail"] == "账号或者密码不对。"


async def test_an_unknown_name_costs_the_same_work_as_a_wrong_password(
    lin: Colleague, stranger: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    verified = hashing.verified

    def counted(password: str, kept: str) -> bool:
        checked.append(kept.split("$")[1])
        return verified(password, kept)

    monkeypatch.setattr(hashing, "verified", counted)
    for name in ("lin", "nobody"):
        await stranger.post(LOGIN, json={"name": name, "password": "x"})
    assert checked == ["argon2id", "argon2id"]


async def test_an_address_that_fails_too_often_waits_but_the_account_does_not(
    lin: Colleague, stranger: httpx.AsyncClient, clock: StandingClock, site: Any
) -> None:
    known = dict(stranger.cookies)
    stranger.cookies.clear()
    for _ in range(10):
        await stranger.post(LOGIN, json={"name": "lin", "password": "x"})
    good = {"name": "lin", "password": PASSWORD}
    locked = await stranger.post(LOGIN, json=good)
    assert locked.status_code == 429
    assert int(locked.headers["Retry-After"]) == 15 * 60
    async with in_browser(site, known) as colleague:
        assert (await colleague.post(LOGIN, json=good)).status_code == 200
    elsewhere = httpx.ASGITransport(app=site, client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://test") as other:
        assert (await other.post(LOGIN, json=good)).status_code == 200
    clock.move(minutes=16)
    assert (await stranger.post(LOGIN, json=good)).status_code == 200


def in_browser(site: Any, cookies: dict[str, str]) -> httpx.AsyncClient:
    """Another browser at the same address."""
    transport = httpx.ASGITransport(app=site)
    return httpx.AsyncClient(transport=transport, base_url="http://test", cookies=cookies)


async def test_a_session_ends_by_logging_out_and_by_time(
    lin: Colleague, database: Database, clock: StandingClock, sister: httpx.AsyncClient
) -> None:
    cookie = {"cookie": lin.client.cookies["redress_session"]}
    who = await sister.post("/internal/session", json=cookie)
    grant = {"role": "mediator", "holder": str(lin.actor.id), "body": "main"}
    assert who.json() == {
        "id": str(lin.actor.id), "name": "lin", "display": "lin调解员", "role": "mediator",
        "body": "main", "grants": [grant],
    }  # fmt: skip
    answer = await lin.client.post("/mediation/api/v1/logout", headers=lin.header)
    assert answer.status_code == 204
    assert (await sister.post("/internal/session", json=cookie)).status_code == 404
    again = {"name": "lin", "password": PASSWORD}
    cookie = {"cookie": (await lin.client.post(LOGIN, json=again)).cookies["redress_session"]}
    assert (await sister.post("/internal/session", json=cookie)).status_code == 200
    clock.move(hours=12)
    assert (await sister.post("/internal/session", json=cookie)).status_code == 404
    assert await purge_sessions(database) == 1
    assert await purge_sessions(database) == 0


@pytest.mark.parametrize(
    "path", [CASES, "/mediation/api/v1/staff", CASES + "/x", CASES + "/x/steps"]
)
async def test_strangers_see_nothing(stranger: httpx.AsyncClient, path: str) -> None:
    assert (await stranger.get(path)).status_code == 401


async def test_a_step_needs_the_header_that_log_in_gave(lin: Colleague, database: Database) -> None:
    case = await a_case(database)
    answer = await lin.client.post(f"{CASES}/{case.id}/steps/accept", json={})
    assert answer.status_code == 403
    assert (await the_case(database, case.number)).version == 1


async def test_a_step_over_the_api(lin: Colleague, database: Database) -> None:
    case = await a_case(database)
    answer = await lin.post_step(case, "accept")
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"2"'
    done = answer.json()
    assert (done["state"], done["version"], done["due_on"], done["due_for"]) == (
        "accepted", 2, "2026-06-29", "forward",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["id", "complaint_id", "number"])
async def test_a_case_is_found_by_its_id_its_complaint_and_its_number(
    lin: Colleague, database: Database, name: str
) -> None:
    case = await a_case(database)
    answer = await lin.client.get(f"{CASES}/{str(getattr(case, name)).lower()}")
    assert answer.json()["number"] == case.number


async def test_one_case_tells_its_clocks_its_steps_and_its_log(
    lin: Colleague, database: Database
) -> None:
    case = await walk(database, await a_case(database), lin.actor, "accept")
    told = (await lin.client.get(f"{CASES}/{case.number}")).json()
    assert [(one["clock"], one["due_on"], one["running"]) for one in told["clocks"]] == [
        ("forward", "2026-06-29", True), ("mediate", "2026-07-23", True),
        ("accept", "2026-07-01", False),
    ]  # fmt: skip
    assert told["clocks"][0]["sentence"]["zh"] == (
        "自2026-06-23受理之次日起5日，最后一日2026-06-28是休息日，顺延，届满于2026-06-29"
        "（本会规则第二十七条）。"
    )
    assert [one["step"] for one in told["steps"]] == [
        "name-respondent", "forward", "agree", "fail", "withdraw", "assign", "take", "amend",
        "note",
    ]  # fmt: skip
    assert [(one["kind"], one["who"]) for one in told["log"]] == [
        ("accept", "lin调解员"), ("open", ""),
    ]  # fmt: skip


async def test_the_lawful_steps_carry_article_fields_and_numbered_reasons(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database)
    answer = (await lin.client.get(f"{CASES}/{case.id}/steps")).json()
    steps = {one["step"]: one for one in answer["items"]}
    assert answer["version"] == 1
    assert steps["refuse"]["source"]["zh"] == "本会规则第三十一条第（三）项"
    assert steps["refuse"]["fields"] == ["note", "reason"]
    assert steps["refuse"]["reasons"][2] == {
        "number": 3,
        "code": "respondent_unclear",
        "label": {
            "zh": "被投诉人不明确，经询问仍无法查明",
            "en": "the respondent is not clear and could not be found out",
        },
    }


async def test_two_at_once_over_the_api_get_one_success_and_one_conflict_that_names_the_first(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database)
    answers = await asyncio.gather(
        lin.post_step(case, "accept"), lin.post_step(case, "refuse", reason="private_deal")
    )
    assert sorted(one.status_code for one in answers) == [200, 409]
    refused = next(one for one in answers if one.status_code == 409)
    assert "lin调解员在2026-06-23 12:00已经做了" in refused.json()["detail"]
    assert len(await said(database)) == 2


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (("accept", "", {}), (422, "/header/if-match")),
        (("accept", "abc", {}), (422, "/header/if-match")),
        (("accept", 7, {}), (409, None)),
        (("forward", 1, {}), (409, None)),
        (("refuse", 1, {}), (422, "/reason")),
        (("refuse", 1, {"reason": "bad"}), (422, "/reason")),
        (("accept", 1, {"reply_due": "2026-07-01"}), (422, "/reply_due")),
        (("accept", 1, {"state": "closed"}), (422, "/state")),
        (("note", 1, {"text": "字" * 10_001}), (422, "/text")),
        (("note", 1, {"text": 5}), (422, "/text")),
        (("name-respondent", 1, {"name": "甲", "uscc": "1"}), (422, "/respondent/uscc")),
        (("amend", 1, {"changes": {"/respondent/name": "字" * 201}}), (422, "/respondent/name")),
        (("dance", 1, {}), (422, "/path/step")),
    ],
)
@pytest.mark.usefixtures("knowing_intake")
async def test_what_is_wrong_with_a_step_is_said_and_nothing_happens(
    lin: Colleague, database: Database, asked: tuple[str, Any, Any], answered: tuple[int, Any]
) -> None:
    case = await a_case(database)
    answer = await lin.post_step(case, asked[0], asked[1], **asked[2])
    assert answer.status_code == answered[0], answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    if answered[1]:
        assert answered[1] in [one["pointer"] for one in answer.json()["errors"]]
    assert (await the_case(database, case.number)).version == 1
    assert len(await said(database)) == 1


async def test_a_case_of_another_body_does_not_exist_for_me(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database, body="demo", demo=True)
    assert (await lin.client.get(f"{CASES}/{case.number}")).status_code == 404
    assert (await lin.post_step(case, "accept")).status_code == 404
    assert (await lin.client.get(CASES + "?state=all")).json()["items"] == []
    assert (await lin.client.get(CASES + f"?q={case.number}")).json()["items"] == []


async def test_the_list_goes_by_what_is_due_first_and_pages_stay_stable_while_rows_arrive(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    days = [3, 1, 2, 0, 4]
    cases = [
        await a_case(database, received_at=clock.now - timedelta(days=40 + day)) for day in days
    ]
    closed = await walk(database, await a_case(database), lin.actor, "refuse")
    ordered = sorted(cases, key=lambda one: (one.queue_on, one.id))
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await lin.client.get(f"{CASES}?limit=2&cursor={cursor}")).json()
        seen += [one["number"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
        await a_case(database, received_at=clock.now - timedelta(days=90))
    assert seen == [one.number for one in ordered]
    assert closed.number not in seen


async def test_the_list_is_narrowed_by_state_day_channel_kind_body_and_colleague(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    late = await a_case(database, received_at=clock.now - timedelta(days=40))
    called = await a_case(database, channel="phone", kind="inquiry")
    mine = await walk(database, await a_case(database), lin.actor, "take", "accept")
    done = await walk(database, await a_case(database), lin.actor, "refuse")

    async def numbers(query: str) -> set[str]:
        answer = await lin.client.get(f"{CASES}?{query}")
        assert answer.status_code == 200, answer.text
        return {one["number"] for one in answer.json()["items"]}

    assert await numbers("due_before=2026-06-23") == {late.number}
    assert await numbers("channel=phone") == await numbers("kind=inquiry") == {called.number}
    assert await numbers(f"assignee={lin.actor.id}") == {mine.number}
    assert await numbers("state=accepted") == {mine.number}
    assert await numbers("state=closed") == {done.number}
    assert len(await numbers("state=all")) == 4
    assert await numbers("state=open&body=main") == {late.number, called.number, mine.number}
    assert await numbers("body=demo") == set()


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("state=bad", "/query/state"),
        ("cursor=bad", "/query/cursor"),
        ("cursor=WzEsMl0", "/query/cursor"),
        ("due_before=yesterday", "/query/due_before"),
        ("limit=0", "/query/limit"),
        ("assignee=me", "/query/assignee"),
        ("channel=pigeon", "/query/channel"),
        ("kind=%01", "/query/kind"),
    ],
)
async def test_a_list_that_cannot_be_made_says_why(
    lin: Colleague, query: str, pointer: str
) -> None:
    answer = await lin.client.get(f"{CASES}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_search_finds_closed_cases_too_by_number_phone_and_full_name(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await walk(database, await a_case(database), lin.actor, "refuse")
    await a_case(database)
    intake.records[case.complaint_id] = a_record(case.complaint_id)
    await FetchWords(intake)(database)
    loose = case.number.replace("-", " ").lower()
    for typed in (case.number, loose, "+86 138 0000 0000", "周晓明", "安澜禾木家居有限公司"):
        found = (await lin.client.get(CASES, params={"q": typed})).json()["items"]
        assert [one["number"] for one in found] == [case.number], typed
    [one] = found
    assert (one["subject"], one["respondent"], one["complainant"]) == (
        "餐桌开裂", "安澜禾木家居有限公司", "周**",
    )  # fmt: skip
    assert (await lin.client.get(CASES, params={"q": "没有的人"})).json()["items"] == []


async def test_an_administrator_of_all_bodies_sees_them_merged_by_day(
    stranger: httpx.AsyncClient, database: Database, clock: StandingClock
) -> None:
    admin = await logged_in(stranger, database, "admin", body="")
    cases = [
        await a_case(database, body=body, received_at=clock.now - timedelta(days=day))
        for day, body in ((40, "main"), (41, "demo"), (42, "main"), (43, "demo"))
    ]
    first = (await admin.client.get(CASES + "?limit=3")).json()
    rest = (await admin.client.get(f"{CASES}?limit=3&cursor={first['next']}")).json()
    numbers = [one["number"] for one in [*first["items"], *rest["items"]]]
    assert numbers == [one.number for one in reversed(cases)]
    assert rest["next"] is None


async def test_letter_facts_tell_whom_to_write_to_and_by_when(
    lin: Colleague, database: Database, intake: IntakeInMemory, sister: httpx.AsyncClient
) -> None:
    case = await walk(database, await a_case(database), lin.actor, "accept", "forward")
    intake.records[case.complaint_id] = a_record(case.complaint_id)
    asked = {"items": [{"case_id": str(case.id), "serial": serial} for serial in (1, 2)]}
    answer = await sister.post("/internal/letter-facts", json=asked)
    [facts] = answer.json()["items"]
    assert facts == {
        "case_id": str(case.id),
        "serial": 1,
        "complaint_id": str(case.complaint_id),
        "number": case.number,
        "body": "main",
        "forwarded_on": "2026-06-23",
        "reply_due": "2026-06-29",
        "respondent": {"name": "安澜禾木家居有限公司", "phone": "0825-1234567"},
        "mediator": {"display": "lin调解员", "phone": ""},
    }
    await FetchWords(intake)(database)
    asks = len(intake.asked)
    assert (await sister.post("/internal/letter-facts", json=asked)).json()["items"] == [facts]
    assert len(intake.asked) == asks


async def test_a_letter_waits_until_intake_knows_a_correction(
    lin: Colleague, database: Database, intake: IntakeInMemory, sister: httpx.AsyncClient
) -> None:
    case = await walk(database, await a_case(database), lin.actor, "accept", "forward")
    intake.records[case.complaint_id] = a_record(case.complaint_id)
    async with database.work() as work:
        key = uuid7()
        changes = work.vault.seal("{}", SEALED_CHANGES, key)
        row: dict[str, Any] = {"id": key, "case_id": case.id, "complaint_id": case.complaint_id}
        row |= {"changes": changes, "made_at": work.now, "pushed_at": None}
        await work.insert(AmendmentRow, [row])
    asked = {"items": [{"case_id": str(case.id), "serial": 1}]}
    assert (await sister.post("/internal/letter-facts", json=asked)).json()["items"] == []
    await PushAmendments(intake)(database)
    [facts] = (await sister.post("/internal/letter-facts", json=asked)).json()["items"]
    assert facts["number"] == case.number


STRANGE = ("\x01", "a\x02b", "￿", "𠮷", "' OR 1=1 --", "%", "_" * 90, "０１２３４５")


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.usefixtures("knowing_intake")
async def test_strange_characters_find_nothing_and_break_nothing(
    lin: Colleague, database: Database, strange: str
) -> None:
    case = await a_case(database)
    alone = strange in {"\uffff", "𠮷"}
    found = await lin.client.get(CASES, params={"q": strange})
    assert found.status_code == (422 if alone else 200), found.text  # one character is too short
    path = quote(strange, safe="")
    assert (await lin.client.get(f"{CASES}/{path}")).status_code == 404
    assert (await lin.client.get(f"{CASES}?cursor={path}")).status_code == 422
    login = await lin.client.post(LOGIN, json={"name": strange, "password": strange})
    assert login.status_code == 401
    fine = {"text": f"x{strange}"}
    assert (await lin.post_step(case, "note", **fine)).status_code == 200
    for wrong in (
        await lin.post_step(case, "amend", 2, changes={f"/{strange}": "x"}),
        await lin.post_step(case, "refuse", 2, reason=strange),
    ):
        assert wrong.status_code == 422
