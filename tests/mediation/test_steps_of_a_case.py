"""Each step of a case: what it changes, logs and says; and what it refuses, leaving nothing."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from services.mediation.domain.case import ImpossibleStepError, RespondentUnknownError
from services.mediation.domain.corrections import (
    FieldNeededError,
    NothingToCorrectError,
)
from services.mediation.domain.due import CLOSED_QUEUE, ENDED_QUEUE
from services.mediation.domain.rule_pack import NoSuchReasonError
from services.mediation.tables import AmendmentRow, CaseLogRow, CaseRow, ForwardingRow
from services.mediation.use_cases.acting import ChangedMeanwhileError, NoSuchColleagueError
from services.mediation.use_cases.audit import CASES
from services.mediation.use_cases.keeping import opened
from services.mediation.use_cases.words import copy_in, waiting_changes
from shared.events import CaseEvent, Event
from shared.kernel import RuleError, RuleErrors
from shared.trail.verifying import Findings, verify
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.things import a_case, a_colleague, log_of, said, step, the_case, walk


async def last_said(database: Database) -> dict[str, Any]:
    event = (await said(database))[-1]
    assert isinstance(event, CaseEvent)
    left = {"id", "occurred_at", "complaint_id", "case_id", "body"}
    return {"TYPE": event.TYPE} | event.model_dump(exclude=left)


async def test_accepting_starts_the_clocks_of_forwarding_and_mediation(database: Database) -> None:
    lin = await a_colleague(database)
    case = await step(database, await a_case(database), "accept", lin)
    assert (case.state, case.version, case.accepted_on) == ("accepted", 2, date(2026, 6, 23))
    assert (case.due_on, case.due_for) == (date(2026, 6, 29), "forward")
    assert await last_said(database) == {
        "TYPE": "mediation.case_accepted.v1",
        "version": 2,
        "state": "accepted",
        "due_on": date(2026, 6, 29),
        "due_for": "forward",
        "due_status": "FINAL",
        "accepted_on": date(2026, 6, 23),
        "forward_due": date(2026, 6, 29),
        "mediate_due": date(2026, 7, 23),
    }


async def test_refusing_for_a_numbered_reason_closes_the_case(database: Database) -> None:
    lin = await a_colleague(database)
    case = await step(database, await a_case(database), "refuse", lin, reason="private_deal")
    assert (case.state, case.outcome, case.reason) == ("closed", "refused", "private_deal")
    assert (case.closed_on, case.due_on, case.queue_on) == (date(2026, 6, 23), None, CLOSED_QUEUE)
    told = await last_said(database)
    assert (told["TYPE"], told["reason"], told["state"]) == (
        "mediation.case_refused.v1", "private_deal", "closed",
    )  # fmt: skip


async def test_forwarding_names_the_day_of_the_reply_by_rule(database: Database) -> None:
    lin = await a_colleague(database)
    case = await walk(database, await a_case(database), lin, "accept", "forward")
    assert (case.state, case.serial, case.forwarded_on) == ("forwarded", 1, date(2026, 6, 23))
    assert (case.due_on, case.due_for) == (date(2026, 6, 29), "reply")
    told = await last_said(database)
    assert (told["serial"], told["forwarded_on"], told["reply_due"]) == (
        1, date(2026, 6, 23), date(2026, 6, 29),
    )  # fmt: skip
    async with database.reading() as session:
        row = (await session.scalars(select(ForwardingRow))).one()
    assert (row.serial, row.reply_due, row.mediator) == (1, date(2026, 6, 29), lin.id)


async def test_a_named_day_of_reply_stands_as_named_even_on_a_sunday(database: Database) -> None:
    lin = await a_colleague(database)
    case = await walk(database, await a_case(database), lin, "accept")
    case = await step(database, case, "forward", lin, reply_due=date(2026, 7, 5))
    assert (case.due_on, case.clocks["reply"]["designated"]) == (date(2026, 7, 5), "2026-07-05")


async def test_a_reply_in_time_and_one_too_late(database: Database, clock: StandingClock) -> None:
    lin = await a_colleague(database)
    first = await walk(database, await a_case(database), lin, "accept", "forward")
    second = await walk(database, await a_case(database), lin, "accept", "forward")
    clock.move(days=6)
    await step(database, first, "record-reply", lin, text="同意")
    assert (await last_said(database))["in_time"] is True
    clock.move(days=1)
    late = await step(database, second, "record-reply", lin, text="同意")
    assert (await last_said(database))["in_time"] is False
    assert (late.state, late.due_for, late.replied_on) == ("replied", "mediate", date(2026, 6, 30))


async def test_a_case_is_forwarded_again_after_a_reply(database: Database) -> None:
    lin = await a_colleague(database)
    steps = ("accept", "forward", "record-reply", "forward")
    case = await walk(database, await a_case(database), lin, *steps)
    assert (case.serial, case.state, case.replied_on) == (2, "forwarded", None)


@pytest.mark.parametrize(
    ("ending", "outcome"), [("agree", "agreed"), ("fail", "failed"), ("withdraw", "withdrawn")]
)
async def test_a_case_closes_as_what_it_ended_in(
    database: Database, ending: str, outcome: str
) -> None:
    lin = await a_colleague(database)
    case = await walk(database, await a_case(database), lin, "accept", ending)
    assert (case.state, case.due_on, case.queue_on) == (outcome, None, ENDED_QUEUE)
    case = await walk(database, case, lin, "close")
    assert (case.state, case.outcome, case.queue_on) == ("closed", outcome, CLOSED_QUEUE)
    told = await last_said(database)
    assert (told["TYPE"], told["outcome"], told["closed_on"]) == (
        "mediation.case_closed.v1", outcome, date(2026, 6, 23),
    )  # fmt: skip


async def test_what_was_recovered_is_said_at_the_agreement_and_at_the_close(
    database: Database,
) -> None:
    lin = await a_colleague(database)
    case = await walk(database, await a_case(database), lin, "accept")
    case = await step(database, case, "agree", lin, text="退款", recovered_fen=12900)
    assert (await last_said(database))["recovered_fen"] == 12900
    await walk(database, case, lin, "close")
    assert (await last_said(database))["recovered_fen"] == 12900


async def test_reopening_starts_the_clocks_anew_from_that_day(
    database: Database, clock: StandingClock
) -> None:
    lin = await a_colleague(database)
    steps = ("accept", "forward", "agree", "close")
    case = await walk(database, await a_case(database), lin, *steps)
    clock.move(days=10)
    case = await walk(database, case, lin, "reopen")
    assert (case.state, case.outcome, case.closed_on) == ("accepted", None, None)
    assert (case.due_for, case.due_on) == ("mediate", date(2026, 8, 3))
    assert set(case.clocks) == {"accept", "mediate"}
    refused = await walk(database, await a_case(database), lin, "refuse", "reopen")
    assert (refused.state, refused.due_for, refused.due_on) == (
        "registered", "accept", date(2026, 7, 14),
    )  # fmt: skip


async def test_naming_the_respondent_makes_forwarding_lawful(database: Database) -> None:
    lin = await a_colleague(database)
    case = await walk(database, await a_case(database, respondent_known=False), lin, "accept")
    with pytest.raises(RespondentUnknownError):
        await step(database, case, "forward", lin)
    named: dict[str, Any] = {
        "name": " 安澜 禾木家居 ",
        "uscc": "91350100m000100y43",
        "phone": "+86 138 0000 0000",
    }
    case = await step(database, case, "name-respondent", lin, **named)
    assert case.respondent_known
    assert (await last_said(database))["fields"] == (
        "/respondent/name", "/respondent/uscc", "/respondent/phone",
    )  # fmt: skip
    async with database.reading() as session:
        copy = await copy_in(session, database.vault, case.id)
        assert await session.scalar(select(func.count()).select_from(AmendmentRow)) == 1
    assert copy["respondent"] == {
        "name": "安澜 禾木家居", "uscc": "91350100M000100Y43", "phone": "13800000000",
    }  # fmt: skip
    assert (await walk(database, case, lin, "forward")).state == "forwarded"


async def test_assigning_and_taking(database: Database) -> None:
    lin, chen = await a_colleague(database), await a_colleague(database, "chen")
    case = await step(database, await a_case(database), "assign", lin, assignee=chen.id)
    assert case.assignee == chen.id
    case = await walk(database, case, lin, "take")
    assert case.assignee == lin.id
    assert (await last_said(database))["assignee"] == lin.id
    case = await step(database, case, "assign", lin, assignee=None)
    assert case.assignee is None


async def test_the_log_keeps_who_did_what_by_which_article_and_every_word(
    database: Database,
) -> None:
    lin = await a_colleague(database)
    case = await step(database, await a_case(database), "note", lin, text="投诉人来电催问")
    async with database.reading() as session:
        row = (await log_of(session, case))[-1]
        kept = opened(database.vault, row.sealed, case.id, row.id)
        assert (await verify(database, [CASES])).rows == 2
    assert (row.seq, row.step, row.actor, row.role, row.rule, row.source) == (
        2, "note", lin.id, "mediator", "association@1", "事事有记录",
    )  # fmt: skip
    assert kept is not None
    assert kept[1] == {"fields": [], "text": "投诉人来电催问"}
    assert "投诉人".encode() not in bytes(row.sealed.blob if row.sealed else b"")


async def test_the_whole_way_leaves_an_intact_log_and_one_event_for_each_version(
    database: Database,
) -> None:
    lin = await a_colleague(database)
    steps = (
        "take", "accept", "forward", "record-reply", "forward", "record-reply", "agree", "close",
        "reopen", "fail", "close", "reopen", "withdraw", "close",
    )  # fmt: skip
    case = await walk(database, await a_case(database), lin, *steps)
    assert case.version == len(steps) + 1
    assert [event.version for event in await said(database)] == list(range(1, len(steps) + 2))
    assert await verify(database, [CASES]) == Findings(chains=1, rows=len(steps) + 1)


@pytest.mark.parametrize(
    ("walked", "what", "facts", "refusal"),
    [
        ((), "forward", {}, ImpossibleStepError),
        ((), "close", {}, ImpossibleStepError),
        ((), "reopen", {"note": "x"}, ImpossibleStepError),
        ((), "refuse", {}, NoSuchReasonError),
        ((), "refuse", {"reason": "no_agreement"}, NoSuchReasonError),
        (("accept",), "accept", {}, ImpossibleStepError),
        (("accept",), "fail", {"reason": "private_deal"}, NoSuchReasonError),
        (("accept",), "agree", {}, FieldNeededError),
        (("accept",), "forward", {"reply_due": date(2026, 6, 23)}, RuleError),
        (("accept",), "forward", {"reply_due": date(2026, 7, 24)}, RuleError),
        (("accept", "forward"), "record-reply", {}, FieldNeededError),
        (("accept", "forward"), "record-reply", {"text": "x", "replied_on": date(2026, 6, 22)},
         RuleError),
        (("accept", "agree"), "reopen", {}, FieldNeededError),
        ((), "note", {"text": ""}, FieldNeededError),
        ((), "name-respondent", {"phone": "1"}, FieldNeededError),
        ((), "name-respondent", {"name": "甲", "uscc": "91350100M000100Y44"}, RuleErrors),
        ((), "amend", {}, NothingToCorrectError),
        ((), "amend", {"changes": {"/state": "closed"}}, RuleErrors),
        ((), "amend", {"changes": {"/matter/text": ""}}, RuleErrors),
        ((), "amend", {"changes": {"/matter/category": "no such"}}, RuleErrors),
        ((), "amend", {"changes": {"/matter/amount_fen": -1}}, RuleErrors),
        ((), "amend", {"changes": {"/matter/happened_on": "2026-06-24"}}, RuleErrors),
        ((), "amend", {"changes": {"/matter/happened_on": "0001-01-01"}}, RuleErrors),
        ((), "amend", {"changes": {"/matter/happened_on": "1949-09-30"}}, RuleErrors),
        ((), "amend", {"changes": {"/matter/amount_fen": 10**12 + 1}}, RuleErrors),
        ((), "amend", {"changes": {"/complainant/phone": "abc"}}, RuleErrors),
        ((), "amend", {"changes": {"/respondent/phone": "???"}}, RuleErrors),
        ((), "amend", {"changes": {"/complainant/email": "a@b..cn"}}, RuleErrors),
        ((), "name-respondent", {"name": "甲", "phone": "1380013800"}, RuleErrors),
        ((), "assign", {"assignee": uuid4()}, NoSuchColleagueError),
    ],
)  # fmt: skip
async def test_a_refused_step_leaves_everything_as_it_was(
    database: Database,
    walked: tuple[str, ...],
    what: str,
    facts: dict[str, Any],
    refusal: type[RuleError],
) -> None:
    lin = await a_colleague(database)
    case = await walk(database, await a_case(database), lin, *walked)
    before = await everything(database)
    with pytest.raises(refusal):
        await step(database, case, what, lin, **facts)
    assert await everything(database) == before


async def everything(database: Database) -> tuple[Any, ...]:
    async with database.reading() as session:
        cases = [(one.version, one.state) for one in await session.scalars(select(CaseRow))]
        counts = [
            await session.scalar(select(func.count()).select_from(table))
            for table in (CaseLogRow, ForwardingRow, AmendmentRow)
        ]
    return cases, counts, len(await said(database))


async def test_amending_changes_our_copy_and_waits_for_intake(database: Database) -> None:
    lin = await a_colleague(database)
    changes = {
        "/matter/subject": "桌子开裂",
        "/matter/amount_fen": 100,
        "/complainant/name": "周明",
    }
    case = await step(database, await a_case(database), "amend", lin, changes=changes)
    async with database.reading() as session:
        copy = await copy_in(session, database.vault, case.id)
    assert copy == {
        "complainant": {"name": "周明"}, "respondent": {}, "matter": {"subject": "桌子开裂"},
    }  # fmt: skip
    assert (await last_said(database))["fields"] == tuple(changes)


async def test_what_intake_takes_a_correction_takes_too(database: Database) -> None:
    lin = await a_colleague(database)
    changes = {
        "/complainant/phone": "+86 138 0013 8000",
        "/complainant/email": "a" * 60 + "@" + "b" * 190 + ".cn",
        "/respondent/name": "字" * 200,
        "/matter/amount_fen": 10**12,
        "/matter/happened_on": "1949-10-01",
    }
    case = await step(database, await a_case(database), "amend", lin, changes=changes)
    assert case.version == 2
    async with database.reading() as session:
        [kept] = await waiting_changes(session, database.vault, case.id)
    assert kept == changes | {"/complainant/phone": "13800138000"}


async def test_whoever_comes_second_is_told_who_was_first_and_when(database: Database) -> None:
    lin, chen = await a_colleague(database), await a_colleague(database, "chen")
    seen = await a_case(database)
    await walk(database, seen, lin, "accept")
    with pytest.raises(ChangedMeanwhileError) as refused:
        await step(database, seen, "refuse", chen, reason="private_deal")
    assert str(refused.value) == (
        "lin调解员在2026-06-23 12:00已经做了「受理投诉」，"
        "您看到的不是最新情况。请看过最新情况再操作。"
    )
    assert (await the_case(database, seen.number)).state == "accepted"


async def test_of_an_amendment_nothing_personal_is_said(database: Database) -> None:
    lin = await a_colleague(database)
    await step(
        database, await a_case(database), "amend", lin, changes={"/complainant/name": "赵一曼"}
    )
    for event in await said(database):
        assert isinstance(event, Event)
        assert "赵一曼" not in event.model_dump_json()


async def test_a_colleague_of_another_body_is_not_given_the_case(database: Database) -> None:
    lin, other = await a_colleague(database), await a_colleague(database, "wu", body="demo")
    with pytest.raises(NoSuchColleagueError):
        await step(database, await a_case(database), "assign", lin, assignee=other.id)
