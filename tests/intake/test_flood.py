"""While many more come than usual strangers compute or wait; what does neither is not kept."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.intake import pages, routes
from services.intake.ports import Means
from services.intake.storage import Folder
from services.intake.tables import UploadRow
from shared.bodies import Bodies
from shared.limits.challenge import EASIEST, Flood, solve
from shared.messaging.tables import OutboxRow
from shared.web import EdgeOptions, edge
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake.builders import a_complaint
from tests.intake.conftest import WIDE
from tests.intake.office import OfficeInMemory
from tests.intake.test_pages import FILLED, HTML, NEW, files, hidden, kept, send
from tests.intake.test_storage import files_in
from tests.shared.webs import Ticks

CREATE, CHALLENGE = "/intake/api/v1/complaints", "/intake/api/v1/challenge"


@pytest.fixture
def flood() -> Flood:
    """Two complaints a minute are usual here."""
    return Flood(2, Ticks())


@pytest.fixture
async def web(
    database: Database, flood: Flood, tmp_path: Path
) -> AsyncGenerator[httpx.AsyncClient]:
    means = Means(Bodies(), Folder(tmp_path / "attachments"), OfficeInMemory(), flood)
    options = EdgeOptions(public_url="http://test", limits=WIDE, trusted_hops=1)
    app = edge("intake", [*routes.routers(means), *pages.routers(means)], database, options=options)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def come(flood: Flood, many: int = 10) -> None:
    for _ in range(many):
        flood.note()


HIDDEN = ("form_token", "form_key", "challenge", "challenge_answer")


async def opened(web: httpx.AsyncClient) -> dict[str, Any]:
    page = (await web.get(NEW, headers=HTML)).text
    return FILLED | {name: hidden(page, name) for name in HIDDEN}


async def nothing_kept(database: Database, tmp_path: Path) -> bool:
    counts = [await kept(database, table) for table in (UploadRow, OutboxRow)]
    return [await kept(database), *counts] == [0, 0, 0] and files_in(tmp_path / "attachments") == []


async def test_while_nobody_floods_nothing_is_asked(web: httpx.AsyncClient, flood: Flood) -> None:
    page = (await web.get(NEW, headers=HTML)).text
    assert "challenge.js" not in page
    for _ in range(2):
        assert (await send(web, await opened(web))).status_code == 303
    assert flood.height() == 0


async def test_a_form_that_was_open_for_a_while_passes_without_a_script(
    web: httpx.AsyncClient,
    database: Database,
    flood: Flood,
    clock: StandingClock,
    tmp_path: Path,
) -> None:
    come(flood)
    fields = await opened(web)
    clock.move(seconds=30)
    early = await send(web, fields, files("png"))
    assert (early.status_code, early.headers["retry-after"]) == (429, "80")
    assert "请过80秒再按一次“提交”" in early.text
    assert "餐桌开裂" in early.text
    assert await nothing_kept(database, tmp_path)
    again = FILLED | {name: hidden(early.text, name) for name in HIDDEN}
    assert again["challenge"] == fields["challenge"]  # the pause goes on, it does not begin anew
    clock.move(seconds=90)
    assert (await send(web, again, files("png"))).status_code == 303
    assert await kept(database) == 1


async def test_only_a_few_of_one_address_may_wait_instead_of_compute(
    web: httpx.AsyncClient, database: Database, flood: Flood, clock: StandingClock
) -> None:
    come(flood)
    forms = [await opened(web) for _ in range(5)]
    clock.move(minutes=2)
    sent = [await send(web, one) for one in forms]
    assert [one.status_code for one in sent] == [303, 303, 303, 429, 429]
    assert sent[3].headers["retry-after"] == "20"
    assert "餐桌开裂" in sent[3].text
    assert await kept(database) == 3
    other = {**HTML, "X-Forwarded-For": "9.9.9.9"}
    page = (await web.get(NEW, headers=other)).text
    fields = FILLED | {name: hidden(page, name) for name in HIDDEN}
    clock.move(minutes=2)
    assert (await web.post(NEW, data=fields, headers=other)).status_code == 303
    assert await kept(database) == 4


async def test_what_was_solved_before_a_flood_is_soon_worth_no_more_than_a_pause(
    web: httpx.AsyncClient, database: Database, flood: Flood, clock: StandingClock
) -> None:
    forms = [await opened(web) for _ in range(4)]
    for one in forms:
        one["challenge_answer"] = solve(one["challenge"], one["form_key"], EASIEST)
    come(flood, 20)
    clock.move(minutes=11)
    sent = [await send(web, one) for one in forms]
    assert [one.status_code for one in sent] == [303, 303, 303, 429]
    assert await kept(database) == 3
    again = FILLED | {name: hidden(sent[3].text, name) for name in HIDDEN}
    assert again["challenge"] != forms[3]["challenge"]  # a harder one, which passes at once
    found = re.search(r'data-bits="(\d+)"', sent[3].text)
    assert found
    assert int(found[1]) > EASIEST
    again["challenge_answer"] = solve(
        str(again["challenge"]), str(again["form_key"]), int(found[1])
    )
    assert (await send(web, again)).status_code == 303
    assert await kept(database) == 4


async def test_a_form_whose_challenge_was_solved_passes_at_once(
    web: httpx.AsyncClient, database: Database, flood: Flood
) -> None:
    come(flood, 2)
    flood.note()
    page = (await web.get(NEW, headers=HTML)).text
    found = re.search(r'data-challenge="([^"]+)" data-key="([^"]+)" data-bits="(\d+)"', page)
    assert found
    assert int(found[3]) == EASIEST
    fields = FILLED | {name: hidden(page, name) for name in HIDDEN}
    assert (found[1], found[2]) == (fields["challenge"], fields["form_key"])
    solved = fields | {"challenge_answer": solve(found[1], found[2], EASIEST)}
    assert (await send(web, solved)).status_code == 303
    # The same form once more is the same complaint, other words are none without a new challenge.
    assert (await send(web, solved)).status_code == 303
    other = await send(web, solved | {"matter.text": "另一件"})
    assert "这张表刚才已经提交过了" in other.text
    assert await kept(database) == 1


@pytest.mark.parametrize("forged", ["none", "answer", "parts", "token", "key", "address"])
async def test_what_was_not_computed_or_is_another_ones_is_refused_and_nothing_is_kept(
    web: httpx.AsyncClient, database: Database, flood: Flood, tmp_path: Path, forged: str
) -> None:
    come(flood, 3)
    fields = await opened(web)
    answer = solve(fields["challenge"], fields["form_key"], EASIEST)
    others = ".".join(str(int(one) + 1) for one in answer.split("."))
    wrong = {
        "none": {},
        "answer": {"challenge_answer": others},
        "parts": {"challenge_answer": answer.rpartition(".")[0]},
        "token": {"challenge": fields["challenge"].swapcase(), "challenge_answer": answer},
        "key": {"form_key": "x" * 32, "challenge_answer": answer},
        "address": {"challenge_answer": answer},
    }[forged]
    headers = HTML | ({"X-Forwarded-For": "9.9.9.9"} if forged == "address" else {})
    sent = await web.post(NEW, data=fields | wrong, files=files("pdf"), headers=headers)
    assert sent.status_code == 429
    assert await nothing_kept(database, tmp_path)


async def test_who_is_sent_away_makes_the_flood_no_higher_for_others(
    web: httpx.AsyncClient, database: Database, flood: Flood, tmp_path: Path
) -> None:
    come(flood, 3)
    before = (flood.height(), flood.bits(), flood.seconds())
    assert before == (1.5, EASIEST, 30)
    for n in range(20):
        form = await send(web, await opened(web) | {"challenge": ""}, files("png"))
        headers = {"Idempotency-Key": f"k{n}", "X-Challenge": "nothing"}
        program = await web.post(CREATE, json=a_complaint(), headers=headers)
        assert (form.status_code, form.headers["retry-after"]) == (429, "40")
        assert (program.status_code, program.headers["retry-after"]) == (429, "40")
    assert (flood.height(), flood.bits(), flood.seconds()) == before
    assert await nothing_kept(database, tmp_path)


async def test_a_program_computes_for_its_own_key(
    web: httpx.AsyncClient, database: Database, flood: Flood
) -> None:
    come(flood, 4)
    headers = {"Idempotency-Key": "k1", "Accept-Language": "en"}
    refused = await web.post(CREATE, json=a_complaint(), headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (429, "UnprovenError")
    assert CHALLENGE in refused.json()["detail"]
    task = (await web.get(CHALLENGE)).json()
    assert (task["parts"], task["bits"], task["needed"]) == (16, 13, True)
    proof = task["token"] + "." + solve(task["token"], "k1", task["bits"])
    for wrong in ({"Idempotency-Key": "k2"}, {}):
        answer = await web.post(CREATE, json=a_complaint(), headers=wrong | {"X-Challenge": proof})
        assert answer.status_code == 429
    assert await kept(database) == 0
    good = headers | {"X-Challenge": proof}
    first = await web.post(CREATE, json=a_complaint(), headers=good)
    second = await web.post(CREATE, json=a_complaint(), headers=good)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["number"] == second.json()["number"]
    assert await kept(database) == 1


async def test_staff_are_never_asked(database: Database, means: Means) -> None:
    from shared.tokens import mint  # noqa: PLC0415 - for this test alone

    flood = Flood(1, Ticks())
    come(flood)
    asked = Means(means.bodies, means.storage, means.office, flood)
    app = edge("intake", routes.routers(asked), database, options=EdgeOptions(limits=WIDE))
    transport = httpx.ASGITransport(app=app)
    token = mint(database.vault, "console", "intake", database.clock())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.post(
            CREATE, json=a_complaint(), headers={"Authorization": f"Bearer {token}"}
        )
    assert answer.status_code == 201
