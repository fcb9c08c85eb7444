"""The timeline says who registered a complaint, how it came, and who was given the case."""

import re
from typing import Any
from uuid import UUID

import pytest

from services.mediation.tables import CaseRow
from services.mediation.use_cases.audit import CASES
from shared.ids import uuid7
from shared.trail.verifying import verify
from shared.work import Database
from tests.mediation.things import Colleague, a_case, a_colleague, log_of, step


async def lines(lin: Colleague, case: CaseRow, language: str = "zh") -> list[str]:
    """The timeline of the case page as plain text, the newest first."""
    page = await lin.client.get(f"/mediation/cases/{case.number}?lang={language}")
    timeline = page.text.partition('class="timeline"')[2].partition("</ol>")[0]
    parts = re.findall(r"<li.*?</li>", timeline, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in parts]


async def test_what_staff_entered_names_the_clerk_and_the_channel(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database, channel="phone", registrar=lin.actor.id)
    async with database.reading() as session:
        [row] = await log_of(session, case)
        assert (await verify(database, [CASES])).breaks == []
    assert (row.step, row.actor_kind, row.actor) == ("open", "staff", lin.actor.id)
    [opened] = await lines(lin, case)
    assert "登记 lin调解员 · " in opened
    assert " · 渠道：来电" in opened
    [english] = await lines(lin, case, "en")
    assert "lin调解员 · " in english
    assert "Channel: Telephone" in english


@pytest.mark.parametrize(("channel", "words"), [("web", "网站"), ("letter", "来函")])
async def test_what_came_by_itself_names_the_channel(
    lin: Colleague, database: Database, channel: str, words: str
) -> None:
    [opened] = await lines(lin, await a_case(database, channel=channel))
    assert "登记 系统 · " in opened
    assert f"渠道：{words}" in opened


async def test_the_timeline_says_who_was_given_the_case(lin: Colleague, database: Database) -> None:
    chen = await a_colleague(database, "chen")
    case = await step(database, await a_case(database), "assign", lin.actor, assignee=chen.id)
    nobody: dict[str, Any] = {"assignee": None}
    case = await step(database, case, "assign", lin.actor, **nobody)
    taken_back, given, _ = await lines(lin, case)
    assert "lin调解员 · 交给：chen调解员" in given
    assert "lin调解员 · 交给：没有人" in taken_back


async def test_a_program_reads_the_id_of_whoever_was_given_the_case(
    lin: Colleague, database: Database
) -> None:
    case = await step(database, await a_case(database), "assign", lin.actor, assignee=lin.actor.id)
    told = (await lin.client.get(f"/mediation/api/v1/cases/{case.number}")).json()
    assert UUID(told["log"][0]["values"]["assignee"]) == lin.actor.id


async def test_a_clerk_without_an_account_any_more_leaves_the_line_readable(
    lin: Colleague, database: Database
) -> None:
    [opened] = await lines(lin, await a_case(database, registrar=uuid7()))
    assert "登记 · " in opened
