"""A correction is logged with what it replaces; nothing is replaced that could not be read."""

import asyncio
from contextlib import suppress
from datetime import date
from typing import Any

import httpx
import pytest

from services.mediation.domain.corrections import NothingToCorrectError
from services.mediation.steps import PushAmendments
from services.mediation.tables import CaseRow
from services.mediation.use_cases.acting import ChangedMeanwhileError
from services.mediation.use_cases.audit import CASES
from services.mediation.use_cases.correcting import RecordMissingError
from services.mediation.use_cases.keeping import opened
from shared.net import Unanswered
from shared.trail.verifying import verify
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.things import (
    Colleague,
    IntakeInMemory,
    a_case,
    a_colleague,
    a_record,
    form_token,
    log_of,
    said,
    step,
    the_case,
)

TEXT, PHONE, AMOUNT = "/matter/text", "/complainant/phone", "/matter/amount_fen"
FACTS = {"region": "510903", "amount_fen": 12900, "happened_on": "2026-06-01"}


class Away(IntakeInMemory):
    """Intake that does not answer."""

    async def words(self, ids: Any) -> Any:
        raise httpx.ConnectError("nobody there")


@pytest.fixture
async def case(database: Database, intake: IntakeInMemory) -> CaseRow:
    made = await a_case(database)
    record = a_record(made.complaint_id)
    intake.records[made.complaint_id] = type(record)(**vars(record) | {"facts": FACTS})
    return made


async def logged(database: Database, case: CaseRow) -> list[dict[str, Any]]:
    """What the log keeps of each correction: before and after."""
    async with database.reading() as session:
        assert (await verify(database, [CASES])).breaks == []
        rows = await log_of(session, case)
    values = [opened(database.vault, row.sealed, case.id, row.id) for row in rows]
    return [
        {name: one[1][name] for name in ("before", "changes")}
        for one in values
        if one and "changes" in one[1]
    ]


async def test_an_amendment_is_logged_with_what_stood_there_before(
    database: Database, intake: IntakeInMemory, case: CaseRow
) -> None:
    lin = await a_colleague(database)
    changes = {
        TEXT: "桌腿开裂。", PHONE: "139 0000 0000", AMOUNT: None, "/matter/place": "店里",
        "/matter/happened_on": "2026-06-02",
    }  # fmt: skip
    after = await step(database, case, "amend", lin, intake, changes=changes)
    assert await logged(database, case) == [
        {
            "before": {
                TEXT: "桌面中间裂开一条缝。", PHONE: "13800000000", AMOUNT: 12900,
                "/matter/place": None, "/matter/happened_on": "2026-06-01",
            },
            "changes": changes | {PHONE: "13900000000"},
        }
    ]  # fmt: skip
    assert (after.version, after.happened_on) == (2, date(2026, 6, 2))


async def test_naming_the_respondent_is_logged_with_who_it_was_before(
    database: Database, intake: IntakeInMemory, case: CaseRow
) -> None:
    lin = await a_colleague(database)
    await step(database, case, "name-respondent", lin, intake, name="乙公司", platform="某平台")
    assert await logged(database, case) == [
        {
            "before": {
                "/respondent/name": "安澜禾木家居有限公司", "/respondent/platform": None,
            },
            "changes": {"/respondent/name": "乙公司", "/respondent/platform": "某平台"},
        }
    ]  # fmt: skip


async def test_of_two_amendments_the_second_replaces_what_the_first_wrote(
    database: Database, intake: IntakeInMemory, case: CaseRow
) -> None:
    """Also where intake has not heard the first yet."""
    lin = await a_colleague(database)
    first = await step(database, case, "amend", lin, intake, changes={TEXT: "第一次更正"})
    await step(database, first, "amend", lin, intake, changes={TEXT: "第二次更正"})
    assert await logged(database, case) == [
        {"before": {TEXT: "桌面中间裂开一条缝。"}, "changes": {TEXT: "第一次更正"}},
        {"before": {TEXT: "第一次更正"}, "changes": {TEXT: "第二次更正"}},
    ]


async def test_what_was_corrected_while_intake_answered_is_what_is_replaced(
    database: Database, intake: IntakeInMemory, case: CaseRow, clock: StandingClock
) -> None:
    lin = await a_colleague(database)
    first = case

    class Slow(IntakeInMemory):
        """Another amendment comes and reaches intake between its answer and our step."""

        async def words(self, ids: Any) -> Any:
            nonlocal first
            answer = await super().words(ids)
            clock.move(seconds=1)
            first = await step(database, case, "amend", lin, intake, changes={PHONE: "13911111111"})
            await PushAmendments(intake)(database)
            case.version = first.version
            return answer

    slow = Slow(intake.records)
    wish = {PHONE: "13922222222"}
    request = step(database, case, "amend", lin, slow, changes=wish)
    with pytest.raises(ChangedMeanwhileError, match="已经做了「更正记录」"):
        await request
    await step(database, first, "amend", lin, intake, changes=wish)
    assert [(one["before"], one["changes"]) for one in await logged(database, case)] == [
        ({PHONE: "13800000000"}, {PHONE: "13911111111"}),
        ({PHONE: "13911111111"}, wish),
    ]


async def test_amendments_at_the_same_moment_make_a_chain(
    database: Database, intake: IntakeInMemory, case: CaseRow
) -> None:
    """Whoever comes too late looks again, and then replaces what really stands there."""
    lin = await a_colleague(database)

    async def insist(text: str) -> None:
        while True:
            seen = await the_case(database, case.number)
            with suppress(ChangedMeanwhileError):
                await step(database, seen, "amend", lin, intake, changes={TEXT: text})
                return

    await asyncio.gather(*(insist(f"第{number}句") for number in range(4)))
    lines = await logged(database, case)
    assert len(lines) == 4
    stands = "桌面中间裂开一条缝。"
    for line in lines:
        assert line["before"] == {TEXT: stands}
        stands = line["changes"][TEXT]


@pytest.mark.parametrize(
    ("what", "facts"), [("amend", {"changes": {TEXT: "改"}}), ("name-respondent", {"name": "甲"})]
)
@pytest.mark.parametrize(
    "answer",
    [(Away(), Unanswered), (IntakeInMemory(), RecordMissingError)],
    ids=["away", "unknown"],
)
async def test_what_cannot_be_read_is_not_replaced(
    database: Database,
    case: CaseRow,
    what: str,
    facts: dict[str, Any],
    answer: tuple[IntakeInMemory, type[Exception]],
) -> None:
    away, refusal = answer
    lin = await a_colleague(database)
    events = len(await said(database))
    with pytest.raises(refusal):
        await step(database, case, what, lin, away, **facts)
    assert await logged(database, case) == []
    assert (await the_case(database, case.number)).version == 1
    assert (len(await said(database)), await PushAmendments(away)(database)) == (events, 0)


async def test_steps_that_correct_nothing_do_not_ask_intake(
    database: Database, intake: IntakeInMemory, case: CaseRow
) -> None:
    lin = await a_colleague(database)
    after = await step(database, case, "accept", lin, Away())
    after = await step(database, after, "assign", lin, Away(), assignee=lin.id)
    after = await step(database, after, "forward", lin, Away())
    assert (after.state, intake.asked) == ("forwarded", [])


async def test_the_timeline_shows_before_and_after_in_words(
    lin: Colleague, database: Database, intake: IntakeInMemory, case: CaseRow
) -> None:
    changes = {PHONE: "13900000000", AMOUNT: 200, "/matter/place": "店里"}
    answer = await lin.post_step(case, "amend", changes=changes)
    assert answer.status_code == 200
    page = (await lin.client.get(f"/mediation/cases/{case.number}")).text
    assert "投诉人电话 原：138****0000 → 新：139****0000" in page
    assert "涉及金额 原：129.00元 → 新：2.00元" in page
    assert "地点 原：（空） → 新：店里" in page
    english = (await lin.client.get(f"/mediation/cases/{case.number}?lang=en")).text
    assert "was: 138****0000 → now: 139****0000" in english


async def test_while_intake_is_away_a_correction_is_answered_503_and_what_was_written_stays(
    lin: Colleague, database: Database, intake: IntakeInMemory, case: CaseRow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    place = f"/mediation/cases/{case.number}"
    token = form_token(await lin.client.get(place))
    monkeypatch.setattr(intake, "words", Away().words)
    answer = await lin.post_step(case, "amend", changes={TEXT: "改"})
    assert answer.status_code == 503
    typed = {"was.matter.text": "旧", "amend.matter.text": "写了很多"}
    fields = {"form_token": token, "version": "1", **typed}
    page = await lin.client.post(place + "/steps/amend", data=fields)
    assert page.status_code == 503
    assert "登记服务暂时没有应答，您写的都还在，请稍后再提交。" in page.text
    assert "写了很多" in page.text
    assert await logged(database, case) == []


async def test_nothing_to_correct_is_refused_as_before(
    database: Database, intake: IntakeInMemory, case: CaseRow
) -> None:
    lin = await a_colleague(database)
    with pytest.raises(NothingToCorrectError):
        await step(database, case, "amend", lin, intake, changes={})
    assert await logged(database, case) == []
