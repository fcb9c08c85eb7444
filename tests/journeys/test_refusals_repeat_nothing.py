"""A refusal says what is wrong and where, and never repeats what somebody typed there.

Answers are kept in many places: by programs that log them, by whoever asks about them. So every
operation of every API is asked with a name and a telephone wherever something can be typed.
"""

import json
import re
from pathlib import Path

import httpx
import pytest

from services.mediation.use_cases.staff import account_of, first_accounts, hold
from shared.rights import Role
from shared.runtime.embedded import Embedded
from shared.settings import CommonSettings
from tests.journeys.conftest import NEW_PASSWORD
from tests.journeys.mistyped import MARK, MARKS, Wrong, operations, wrongs
from tests.journeys.walking import Walker

SERVICES = ("intake", "mediation", "notification", "analytics")
PROBLEM = "application/problem+json"
ENDS_THE_SESSION = re.compile(r"/logout$|/me/password$|/me/sessions$")


@pytest.fixture
def common(tmp_path: Path) -> CommonSettings:
    """So many mistakes in a minute are too many elsewhere."""
    plenty = 1_000_000
    return CommonSettings(
        data=tmp_path / "data",
        hosts="test",
        public_url="http://test",
        rate_public_per_minute=plenty,
        rate_public_burst=plenty,
        rate_read_per_minute=plenty,
        rate_staff_per_minute=plenty,
        rate_login_per_minute=plenty,
    )


@pytest.fixture
async def walker(platform: Embedded, client: httpx.AsyncClient) -> Walker:
    """Somebody who may do everything."""
    async with platform.running["mediation"].database.work() as work:
        [(name, password), *_] = await first_accounts(work, demo=False)
        account = await account_of(work.session, name)
        await hold(work, account.id, [one for one in Role if one is not Role.RESPONDENT])
    walker = Walker(client, platform.settle)
    await walker.log_in(name, password, NEW_PASSWORD)
    return walker


@pytest.mark.parametrize("service", SERVICES)
async def test_no_problem_document_repeats_what_was_typed(walker: Walker, service: str) -> None:
    known = await something_there(walker)
    document = (await walker.http.get(f"/{service}/api/openapi.json")).json()
    asked, refused = 0, set[tuple[str, int]]()
    for operation in operations(document):
        if ENDS_THE_SESSION.search(operation.path):
            continue
        for wrong in wrongs(operation, known):
            answer = await sent(walker, wrong)
            asked += 1
            assert answer.status_code < 500, (wrong, answer.text)
            if answer.headers.get("content-type") == PROBLEM:
                refused.add((operation.path, answer.status_code))
                told = json.dumps(answer.json(), ensure_ascii=False)
                assert [one for one in MARKS if one in told] == [], (wrong, told)
    assert (await walker.http.get("/mediation/api/v1/me/sessions")).status_code == 200
    statuses = {status for _, status in refused}
    assert statuses >= {422} if service == "analytics" else {404, 422}
    assert asked > len(refused) > 0


async def test_numbers_and_accounts_that_do_not_exist_are_not_repeated(walker: Walker) -> None:
    for path, sentence in (
        (f"/mediation/cases/{MARK}", "没有这样的案件：编号写错了，或者不在您的范围里。"),
        (f"/intake/reporters/{MARK}", "没有这样的投诉：编号写错了，或者不在您的范围里。"),
    ):
        answer = await walker.http.get(path, headers=walker.headers)
        assert (answer.status_code, answer.json()["detail"]) == (404, sentence)
    for path, sentence in (
        ("/mediation/cases/2606230abcdefgh", "没有编号为「260623-0ABCDEFGH」的案件。"),
        ("/intake/reporters/2606230abcdefgh", "没有编号为“260623-0ABCDEFGH”的投诉。"),
    ):
        answer = await walker.http.get(path, headers=walker.headers)
        assert (answer.status_code, answer.json()["detail"]) == (404, sentence)


async def something_there(walker: Walker) -> dict[str, str]:
    """A complaint, its case and its letter, by the names that addresses have for them."""
    receipt = await walker.complain()
    await walker.settle()
    case = await walker.went(await walker.case_of(receipt["number"]), "accept")
    case = await walker.went(case, "forward")
    await walker.settle()
    [letter] = (await walker.http.get("/notification/api/v1/letters")).json()["items"]
    return {
        "case_id": case["id"],
        "complaint_id": case["complaint_id"],
        "number": case["number"],
        "letter_id": letter["id"],
        "step": "note",
    }


async def sent(walker: Walker, wrong: Wrong) -> httpx.Response:
    """The answer to a request."""
    return await walker.http.request(
        wrong.method,
        wrong.path,
        params=wrong.query or None,
        json=wrong.body,
        headers=walker.headers | {"If-Match": "*"},
    )
