"""The timeline says who registered a complaint, how it came, and who was given the case."""

import re
from typing import Any
from uuid import UUID

import pytest

from services.mediation.domain.behalf import for_complainant
from services.mediation.tables import CaseRow
from services.mediation.use_cases.audit import CASES
from services.mediation.use_cases.hearing import count_files
from services.mediation.use_cases.trail.naming import Names
from services.mediation.use_cases.trail.sources import Steps
from shared.events import EvidenceAdded
from shared.ids import uuid7
from shared.trail.question import Question
from shared.trail.reading import Line
from shared.trail.verifying import verify
from shared.work import Database
from tests.mediation.things import (
    RECEIVED,
    Colleague,
    IntakeInMemory,
    a_case,
    a_colleague,
    a_record,
    log_of,
    step,
)


async def lines(lin: Colleague, case: CaseRow, language: str = "zh") -> list[str]:
    """The timeline of the case page as plain text, the newest first."""
    page = await lin.client.get(f"/mediation/cases/{case.number}?lang={language}")
    timeline = page.text.partition('class="timeline"')[2].partition("</ol>")[0]
    parts = re.findall(r"<li.*?</li>", timeline, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in parts]


async def test_what_staff_entered_names_the_clerk_and_the_channel(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database, channel="phone", registrar=lin.actor.id)
    intake.records[case.complaint_id] = a_record(case.complaint_id)
    async with database.reading() as session:
        [row] = await log_of(session, case)
        assert (await verify(database, [CASES])).breaks == []
    assert (row.step, row.actor_kind, row.actor) == ("open", "staff", lin.actor.id)
    [opened] = await lines(lin, case)
    assert "登记 lin调解员（代投诉人 周**） · " in opened
    assert " · 渠道：来电" in opened
    [english] = await lines(lin, case, "en")
    assert "lin调解员 (for the complainant 周**) · " in english
    assert "Channel: Telephone" in english


async def test_who_registers_by_a_lent_right_stands_in_the_first_step_with_its_holder(
    lin: Colleague, database: Database
) -> None:
    head = await a_colleague(database, "he")
    lent = {"registrar_role": "registrar", "behalf": head.id}
    case = await a_case(database, channel="phone", registrar=lin.actor.id, **lent)
    async with database.reading() as session:
        [row] = await log_of(session, case)
        assert (await verify(database, [CASES])).breaks == []
    assert (row.actor, row.role, row.behalf) == (lin.actor.id, "registrar", head.id)
    [opened] = await lines(lin, case)
    assert "登记 lin调解员（代理he调解员）" in opened


async def test_of_a_report_the_history_names_nobody_for_whom_it_was_taken_down(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database, channel="phone", registrar=lin.actor.id, kind="report")
    [opened] = await lines(lin, case)
    assert "登记 lin调解员（代举报人） · " in opened


async def test_who_takes_a_complaint_back_for_somebody_is_shown_with_them(
    lin: Colleague, database: Database
) -> None:
    case = await step(database, await a_case(database), "withdraw", lin.actor, text="来电撤回")
    withdrawn, opened = await lines(lin, case)
    assert "lin调解员（代投诉人）" in withdrawn
    assert "代投诉人" not in opened
    told = (await lin.client.get(f"/mediation/api/v1/cases/{case.number}")).json()
    assert [one["for_complainant"] for one in told["log"]] == [True, False]


async def test_who_corrects_what_somebody_told_us_does_it_for_them_and_nobody_else(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database)
    theirs, ours = {"/matter/place": "二楼"}, {"/respondent/phone": "0999-123456"}
    case = await step(database, case, "amend", lin.actor, changes=theirs)
    case = await step(database, case, "amend", lin.actor, changes=ours)
    for_nobody, for_them, _ = await lines(lin, case)
    assert "lin调解员（代投诉人）" in for_them
    assert "代投诉人" not in for_nobody
    steps = (await Steps(database)(Question(actions=["step:amend"]))).items
    assert [(one.said or {})["for_complainant"] for one in steps] == [False, True]


async def test_who_adds_evidence_for_somebody_is_shown_with_them_and_with_whom_they_stand_in_for(
    lin: Colleague, database: Database
) -> None:
    case, chen = await a_case(database), await a_colleague(database, "chen")
    usual = {"occurred_at": RECEIVED, "complaint_id": case.complaint_id}
    who = {"registrar": lin.actor.id, "behalf": chen.id}
    async with database.work() as work:
        added = [EvidenceAdded(**usual, version=2, files=1)]
        added.append(EvidenceAdded(**usual, version=3, files=2, **who))
        await count_files(work, added)
    found = [one for one in await lines(lin, case) if "收到新的证据" in one]
    theirs, own = sorted(found, key=len, reverse=True)
    assert "lin调解员（代理chen调解员）（代投诉人）" in theirs
    assert "系统服务" in own
    assert "代投诉人" not in own


@pytest.mark.parametrize(
    ("taken", "corrected", "theirs"),
    [
        ("open", (), True),
        ("withdraw", (), True),
        ("renew-code", (), True),
        ("amend", ("/complainant/phone",), True),
        ("amend", ("/respondent/name", "/matter/text"), True),
        ("amend", ("/respondent/name",), False),
        ("amend", (), False),
        ("name-respondent", (), False),
        ("accept", (), False),
        ("note", (), False),
    ],
)
def test_what_staff_do_for_whoever_complained(
    taken: str, corrected: tuple[str, ...], *, theirs: bool
) -> None:
    assert for_complainant(taken, corrected) == theirs


@pytest.mark.parametrize(
    ("holder", "name", "shown"),
    [(None, "张三", "张*"), (None, "", ""), (UUID(int=5), "何秘书长", "何秘书长")],
)
def test_the_trail_masks_for_whom_it_was_where_that_is_a_citizen(
    holder: UUID | None, name: str, shown: str
) -> None:
    line = Line(
        id=UUID(int=1),
        at=RECEIVED,
        kind="complaint",
        key="1",
        seq=1,
        doer_kind="staff",
        doer=UUID(int=2),
        role="registrar",
        for_id=holder,
        for_name=name,
        action="complaint.registered",
    )
    assert Names({}, {}, {}).behalf(line) == shown


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
    assert "登记 （代投诉人） · " in opened
