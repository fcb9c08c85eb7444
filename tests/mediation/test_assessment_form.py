"""A form of an assessment that comes back shows the page it was sent from, within reach alone."""

import re

import httpx
import pytest

from services.mediation.tables import AssessmentRow
from services.mediation.use_cases.privacy.assessments import LONGEST, PARTS, record
from shared.work import Database
from tests.mediation.doors import HTML, post, rows
from tests.mediation.keeping import noted, officer, refused_in
from tests.mediation.things import Colleague, logged_in

ALL = "/mediation/keeping/assessments"
HANDLING = f"{ALL}/main/handling"
FOREIGN = f"{ALL}/demo/handling"
SAID = {
    "kinds": "姓名和电话",
    "necessity": "登记所必需",
    "impact": "可能被骚扰",
    "measures": "加密保存",
}


@pytest.fixture
async def zhou(stranger: httpx.AsyncClient, database: Database) -> Colleague:
    """The privacy officer of the main body."""
    return await logged_in(stranger, database, "zhou", role="privacy_officer")


async def recorded(database: Database, body: str, **changed: str) -> None:
    async with database.work() as work:
        await record(work, body, "handling", SAID | changed, officer(9, body))


def standing(page: httpx.Response) -> tuple[list[str], list[str]]:
    """The heading and what stands beneath it; the versions that are shown."""
    heading = re.findall(r"<h1>(.*?)</h1>\s*<p class=\"soft\">(.*?)</p>", page.text)
    versions = page.text.partition("记录过的版本")[2]
    return [one for each in heading for one in each], re.findall(r"第(\d)版", versions)


async def test_a_form_with_faults_comes_back_under_its_heading_with_every_version(
    zhou: Colleague, database: Database
) -> None:
    await recorded(database, "main")
    await recorded(database, "main", impact="风险低")
    page = await zhou.client.get(HANDLING, headers=HTML)
    back = await post(zhou.client, HANDLING, HANDLING, **SAID | {"impact": "", "kinds": "新的"})
    assert back.status_code == 422
    assert "这一项要写。" in back.text
    heading = [
        "受理、调解投诉举报",
        "消费者权益保护委员会 · 第2版，2026年6月23日评估，2027年6月23日复评",
    ]
    assert standing(page) == standing(back) == (heading, ["2", "1"])
    assert ("随软件提供的草稿" in back.text, "风险低" in back.text) == (False, True)
    assert re.search(r'name="kinds"[^>]*>\s*新的<', back.text)
    assert len(await rows(database, AssessmentRow)) == 2


async def test_a_draft_with_faults_comes_back_as_a_draft(
    zhou: Colleague, database: Database
) -> None:
    long = SAID | {"measures": "密" * (LONGEST + 1)}
    back = await post(zhou.client, HANDLING, HANDLING, **long)
    assert back.status_code == 422
    assert f"最多{LONGEST}个字。" in back.text
    assert "随软件提供的草稿" in back.text
    assert standing(back) == (["受理、调解投诉举报", "消费者权益保护委员会"], [])
    assert await rows(database, AssessmentRow) == []


@pytest.mark.parametrize("impact", ["", "可能被骚扰"])
async def test_of_a_body_beyond_reach_nothing_is_shown_and_nothing_recorded(
    zhou: Colleague, database: Database, impact: str
) -> None:
    await recorded(database, "demo", kinds="示例的种类")
    sent = await post(zhou.client, FOREIGN, HANDLING, **SAID | {"impact": impact})
    seen = await zhou.client.get(FOREIGN, headers=HTML)
    for answer in (sent, seen):
        assert answer.status_code == 403
        assert "示例的种类" not in answer.text
        assert "记录过的版本" not in answer.text
        assert not [one for one in PARTS if f'name="{one}"' in answer.text]
    [row] = await rows(database, AssessmentRow)
    assert (row.body, row.version) == ("demo", 1)
    assert [action for action, *_ in await noted(database, "retention")] == ["assessment.recorded"]
    assert [action for action, _ in await refused_in(database)] == ["refused.forbidden"] * 2


@pytest.mark.parametrize("address", [f"{ALL}/main/nothing", f"{ALL}/nowhere/handling"])
async def test_of_no_purpose_and_no_body_there_is_no_page_and_nothing_is_recorded(
    stranger: httpx.AsyncClient, database: Database, address: str
) -> None:
    wu = await logged_in(stranger, database, "wu", body="", role="privacy_officer")
    assert (await post(wu.client, address, HANDLING, **SAID)).status_code == 404
    assert (await wu.client.get(address, headers=HTML)).status_code == 404
    assert await rows(database, AssessmentRow) == []
