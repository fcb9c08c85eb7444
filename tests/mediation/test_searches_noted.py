"""Whoever looks for a person is in the trail: what, how many, once; and it goes with the person."""

from typing import Any

import pytest
from sqlalchemy import select

from services.mediation.use_cases.hearing import erase_cases
from shared.events import ComplaintErased
from shared.trail.logs import AUDIT
from shared.trail.refusals import WriteRefusals
from shared.trail.searches import token_of
from shared.trail.tables import AuditRow
from shared.trail.verifying import verify
from shared.work import Database
from tests.conftest import NOON, StandingClock
from tests.mediation.doors import post
from tests.mediation.keeping import noted
from tests.mediation.searches import Books
from tests.mediation.things import Colleague, IntakeInMemory, form_token, logged_in

DESK, API = "/mediation/cases", "/mediation/api/v1/cases"


@pytest.fixture
def books(database: Database, intake: IntakeInMemory) -> Books:
    return Books(database, intake)


async def searched(lin: Colleague, q: str) -> None:
    """Search on the desk's page."""
    token = form_token(await lin.client.get(DESK))
    fields = {"form_token": token, "q": q}
    page = await lin.client.post(DESK, data=fields, follow_redirects=True)
    assert page.status_code == 200


async def told(database: Database) -> list[tuple[str, Any]]:
    """The searches of the trail: of what kind, and what was said, but for the time."""
    await WriteRefusals("mediation")(database)
    rows = await noted(database, "search")
    return [
        (action, {name: value for name, value in said.items() if name != "at"})
        for action, _, said in rows
    ]


def of(sought: str, typed: str, found: int | None, where: str = "desk") -> dict[str, Any]:
    return {"sought": sought, "where": where, "typed": typed, "found": found, "more": False}


async def test_a_name_a_phone_a_number_and_words_on_the_desk(
    books: Books, lin: Colleague, database: Database
) -> None:
    case = await books.case(words={"subject": "餐桌", "text": "桌腿裂开"})
    name, phone = "周晓明", "13800000000"
    for typed in (name, phone, case.number.lower(), "桌腿 裂开", "李四光"):
        await searched(lin, typed)
    words = {"sought": "words", "where": "desk", "found": 1, "more": False}
    tokens = [token_of(database.vault, one) for one in ("桌腿", "裂开")]
    assert await told(database) == [
        ("case.searched", of("name", name, 1)),
        ("case.searched", of("phone", phone, 1)),
        ("cases.searched", of("number", case.number, 1)),
        ("cases.searched", words | {"words": tokens}),
        ("cases.searched", of("words", "李四光", 0)),
    ]
    async with database.reading() as session:
        wanted = select(AuditRow).where(AuditRow.kind == "search").order_by(AuditRow.id)
        rows = list(await session.scalars(wanted))
    assert {row.doer for row in rows} == {lin.actor.id}
    assert rows[0].key == token_of(database.vault, name)


async def test_pages_of_one_search_and_the_same_by_the_api_are_one_row(
    books: Books, lin: Colleague, database: Database, clock: StandingClock
) -> None:
    await books.case(words={"subject": "餐桌", "text": "桌腿裂开"})
    await searched(lin, "桌腿")
    await searched(lin, " 桌腿")
    assert (await lin.client.get(API, params={"q": "桌腿"})).status_code == 200
    assert await told(database) == [("cases.searched", of("words", "桌腿", 1))]
    clock.move(minutes=10)
    assert (await lin.client.get(API, params={"q": "桌腿"})).status_code == 200
    desk = ("cases.searched", of("words", "桌腿", 1))
    assert await told(database) == [desk, ("cases.searched", of("words", "桌腿", 1, "api"))]


async def test_whoever_searches_nothing_leaves_nothing(
    books: Books, lin: Colleague, database: Database
) -> None:
    await books.case()
    assert (await lin.client.get(DESK)).status_code == 200
    assert (await lin.client.get(API)).status_code == 200
    assert await told(database) == []


async def test_a_ledger_of_what_was_searched_and_a_persons_request_are_searches_too(
    books: Books, lin: Colleague, database: Database
) -> None:
    await books.case()
    head = await logged_in(lin.client, database, "head", role="secretary_general")
    fields = {"form_token": form_token(await head.client.get(DESK)), "q": "13800000000"}
    sealed = (await head.client.post(DESK, data=fields)).headers["location"].partition("?")[2]
    ledger = await head.client.get(f"/mediation/cases.xlsx?{sealed}")
    assert ledger.status_code == 200
    zhou = await logged_in(lin.client, database, "zhou", role="privacy_officer")
    asked = {"name": "李四光", "phone": "139 1111 2222", "checked": "看了身份证", "kind": "copy"}
    here = "/mediation/keeping/requests"
    none = await post(zhou.client, here, f"{here}/new", **asked)
    assert none.status_code == 422
    assert await told(database) == [
        ("case.searched", of("phone", "13800000000", None, "ledger")),
        ("case.searched", of("phone", "13911112222", 0, "request")),
    ]


async def test_what_was_typed_goes_with_the_person_and_that_it_was_stays(
    books: Books, lin: Colleague, database: Database
) -> None:
    complainant = {"name": "周晓明", "phone": "13800000000", "id_number": "51090319900101123X"}
    case = await books.case(complainant=complainant, words={"subject": "餐桌", "text": "桌腿裂开"})
    for typed in ("周晓明", "13800000000", "510903 19900101 123x", "桌腿"):
        await searched(lin, typed)
    assert len(await told(database)) == 4
    event = ComplaintErased(occurred_at=NOON, complaint_id=case.complaint_id, version=9)
    async with database.work() as work:
        await erase_cases(work, [event])
    rows = await noted(database, "search")
    assert sorted((action, who, said.get("typed")) for action, who, said in rows if who) == [
        ("case.searched", lin.actor.id, None),
        ("case.searched", lin.actor.id, None),
        ("case.searched", lin.actor.id, None),
        ("cases.searched", lin.actor.id, "桌腿"),
    ]
    assert [action for action, who, _ in rows if who is None] == ["erasure.done"] * 3
    assert (await verify(database, [AUDIT])).breaks == []
