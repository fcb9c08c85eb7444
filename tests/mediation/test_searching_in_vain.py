"""A number is not found out by trying: who searches in vain again and again has to wait."""

import httpx

from services.mediation.use_cases.searches import IN_VAIN
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.searches import Books
from tests.mediation.things import Colleague, IntakeInMemory, form_token, logged_in

DESK, API = "/mediation/cases", "/mediation/api/v1/cases"
PHONE = "13712340351"


async def tried(lin: Colleague, phone: str) -> httpx.Response:
    return await lin.client.get(API, params={"q": phone})


async def test_after_sixty_in_vain_nobody_is_told_whether_the_next_is_right(
    lin: Colleague, database: Database, intake: IntakeInMemory, clock: StandingClock
) -> None:
    person = {"name": "周晓明", "phone": PHONE, "kind": "natural"}
    await Books(database, intake).case(complainant=person)
    for number in range(int(IN_VAIN.burst)):
        assert (await tried(lin, f"1370000{number:04d}")).status_code == 200
    wrong, right = await tried(lin, "13700009999"), await tried(lin, PHONE)
    for answer in (wrong, right):
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "20")
        assert (answer.json()["type"], PHONE in answer.text) == ("SearchedTooOftenError", False)
    assert (await lin.client.get(API)).json()["items"] != []  # the desk itself goes on
    clock.move(seconds=20)
    assert len((await tried(lin, PHONE)).json()["items"]) == 1
    assert len((await tried(lin, PHONE)).json()["items"]) == 1  # what is found costs nothing
    assert (await tried(lin, "13700009999")).status_code == 200
    assert (await tried(lin, PHONE)).status_code == 429
    wang = await logged_in(lin.client, database, "wang", role="mediator")
    assert len((await tried(wang, PHONE)).json()["items"]) == 1


async def test_the_desk_says_so_beside_the_field(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    await Books(database, intake).case()
    for number in range(int(IN_VAIN.burst)):
        await tried(lin, f"1370000{number:04d}")
    fields = {"form_token": form_token(await lin.client.get(DESK)), "q": "13800000000"}
    page = await lin.client.post(DESK, data=fields, follow_redirects=True)
    assert "已经连续很多次没有查到，请过20秒再查。" in page.text
    assert "138****0000" not in page.text
