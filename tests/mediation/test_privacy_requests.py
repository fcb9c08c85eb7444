"""Erasure on request: four eyes, what stays says why, copies go, the chain stays whole."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import func, select

from services.mediation.tables import (
    AmendmentRow,
    CaseLogRow,
    CaseWordsRow,
    ErasureRow,
    PrivacyRequestRow,
)
from services.mediation.use_cases.correcting import ReporterApartError, WordsErasedError
from services.mediation.use_cases.hearing import amend_cases, erase_cases
from services.mediation.use_cases.privacy import holds, requests
from services.mediation.use_cases.privacy.deciding import decide
from services.mediation.use_cases.privacy.erasures import CarryOutErasures
from services.mediation.use_cases.privacy.errors import (
    DecidedAlreadyError,
    NoSuchThingError,
    NothingFoundError,
    ReasonNeededError,
    SameHandsError,
    SeveralBodiesError,
)
from services.mediation.use_cases.privacy.requests import Subject, take_down, take_down_each
from shared.events import ComplaintAmended, ComplaintErased
from shared.kernel import ConflictError, RuleErrors
from shared.rights import NotAllowedError
from shared.trail import Chain, Said, note
from shared.trail.rows import kept
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.chains import first_break
from tests.conftest import NOON
from tests.mediation.keeping import STRANGERS, WU, ZHOU, EraserInMemory, closed, noted, officer
from tests.mediation.things import a_case, a_colleague, step

ZHANG = Subject("张三", "13800138000", "", "当面核对身份证", "不想再被联系")
COLUMNS = tuple(column.name for column in AuditRow.__table__.columns)


async def count(database: Database, table: type) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_one_takes_it_down_another_decides_and_what_must_stay_says_why(
    database: Database,
) -> None:
    gone, held, still_open = await closed(database), await closed(database), await a_case(database)
    async with database.work() as work:
        await holds.set_hold(work, held, "法院调取", None, ZHOU)
        request = await take_down(work, "erasure", ZHANG, [gone, held, still_open], ZHOU)
    async with database.work() as work:
        row = await decide(work, request, "符合第四十七条", WU, erase=True)
    assert row.outcome == {
        str(gone.id): "erased",
        str(held.id): "held",
        str(still_open.id): "open",
    }
    assert (row.state, row.subject, row.decided_by, row.done_at) == ("done", None, WU.id, NOON)
    eraser = EraserInMemory()
    assert await CarryOutErasures(eraser)(database) == 1
    assert eraser.erased == [{gone.complaint_id: "request"}]
    assert [(action, who) for action, who, _ in await noted(database, "retention")] == [
        ("erasure.asked", ZHOU.id),
        ("erasure.done", WU.id),
    ]


async def test_while_all_of_it_must_stay_who_asked_is_still_known(database: Database) -> None:
    case = await a_case(database)
    async with database.work() as work:
        request = await take_down(work, "erasure", ZHANG, [case], ZHOU)
    async with database.work() as work:
        row = await decide(work, request, "符合第四十七条", WU, erase=True)
    assert (row.state, row.outcome) == ("done", {str(case.id): "open"})
    assert requests.subject_of(database.vault, row) == ZHANG
    assert await count(database, ErasureRow) == 0


async def test_what_waits_for_a_decision_stands_before_newer_requests_and_each_names_a_case(
    database: Database,
) -> None:
    first, second = await closed(database), await closed(database)
    async with database.work() as work:
        waits = await take_down(work, "erasure", ZHANG, [first], ZHOU)
        older = await take_down(work, "copy", ZHANG, [second], ZHOU)
        newer = await take_down(work, "copy", ZHANG, [first], ZHOU)
    async with database.reading() as session:
        found = await requests.newest(session, ["main"])
        numbers = await requests.first_numbers(session, found)
    assert [one.id for one in found] == [waits, newer, older]
    assert numbers == {waits: first.number, newer: first.number, older: second.number}


async def test_nobody_decides_about_what_they_took_down_themselves(database: Database) -> None:
    case = await closed(database)
    async with database.work() as work:
        request = await take_down(work, "erasure", ZHANG, [case], ZHOU)
    with pytest.raises(SameHandsError):
        async with database.work() as work:
            await decide(work, request, "符合", ZHOU, erase=True)
    assert await count(database, ErasureRow) == 0
    async with database.reading() as session:
        assert (await session.get_one(PrivacyRequestRow, request)).state == "asked"


async def test_a_refusal_says_why_and_erases_nothing(database: Database) -> None:
    case = await closed(database)
    async with database.work() as work:
        request = await take_down(work, "erasure", ZHANG, [case], ZHOU)
    async with database.work() as work:
        row = await decide(work, request, "身份没有核实", WU, erase=False)
    assert row.state == "refused"
    assert requests.decision_of(database.vault, row) == "身份没有核实"
    assert await count(database, ErasureRow) == 0
    with pytest.raises(DecidedAlreadyError):
        async with database.work() as work:
            await decide(work, request, "改主意", WU, erase=True)
    assert await count(database, ErasureRow) == 0


async def test_without_reason_right_or_request_nothing_is_decided(database: Database) -> None:
    case = await closed(database)
    async with database.work() as work:
        request = await take_down(work, "erasure", ZHANG, [case], ZHOU)
    wrong = [(ReasonNeededError, request, " ", WU), (NoSuchThingError, UUID(int=9), "好", WU)]
    wrong += [(NoSuchThingError, request, "好", who) for who in STRANGERS]
    for error, wanted, reason, who in wrong:
        with pytest.raises(error):
            async with database.work() as work:
                await decide(work, wanted, reason, who, erase=True)
    assert await count(database, ErasureRow) == 0


async def test_who_asks_and_how_it_was_checked_must_be_said(database: Database) -> None:
    case = await closed(database)
    with pytest.raises(RuleErrors) as refused:
        async with database.work() as work:
            await take_down(work, "erasure", Subject(), [case], ZHOU)
    assert [one.pointer for one in refused.value.errors] == ["/name", "/checked"]
    with pytest.raises(NothingFoundError):
        async with database.work() as work:
            await take_down(work, "erasure", ZHANG, [], ZHOU)
    for who in STRANGERS:
        with pytest.raises(NotAllowedError):
            async with database.work() as work:
                await take_down(work, "erasure", ZHANG, [case], who)
    assert await count(database, PrivacyRequestRow) == 0


async def test_a_request_holds_cases_of_one_body_so_each_is_decided_within_its_own(
    database: Database,
) -> None:
    here, there = await closed(database), await closed(database, body="demo")
    everywhere = officer(9, "")
    with pytest.raises(SeveralBodiesError):
        async with database.work() as work:
            await take_down(work, "erasure", ZHANG, [here, there], everywhere)
    with pytest.raises(NotAllowedError):
        async with database.work() as work:
            await take_down_each(work, "erasure", ZHANG, [here, there], ZHOU)
    assert await count(database, PrivacyRequestRow) == 0
    async with database.work() as work:
        foreign, own = await take_down_each(work, "erasure", ZHANG, [here, there], everywhere)
    async with database.reading() as session:
        rows = [await session.get_one(PrivacyRequestRow, one) for one in (own, foreign)]
    assert [(one.body, one.cases) for one in rows] == [
        ("main", [str(here.id)]),
        ("demo", [str(there.id)]),
    ]
    with pytest.raises(NoSuchThingError):
        async with database.work() as work:
            await decide(work, foreign, "符合", WU, erase=True)
    async with database.work() as work:
        await decide(work, own, "符合", WU, erase=True)
    eraser = EraserInMemory()
    assert await CarryOutErasures(eraser)(database) == 1
    assert eraser.erased == [{here.complaint_id: "request"}]


async def test_who_asks_lies_sealed(database: Database) -> None:
    case = await closed(database)
    async with database.work() as work:
        request = await take_down(work, "erasure", ZHANG, [case], ZHOU)
    async with database.reading() as session:
        row = await session.get_one(PrivacyRequestRow, request)
    assert row.subject is not None
    assert "张三".encode() not in row.subject.blob
    assert requests.subject_of(database.vault, row) == ZHANG


async def heard(database: Database, *cases: object) -> None:
    events = [
        ComplaintErased(occurred_at=NOON, complaint_id=one.complaint_id, version=9)  # type: ignore[attr-defined]  # rows of cases
        for one in cases
    ]
    async with database.work() as work:
        await erase_cases(work, events)


async def test_what_was_seen_and_held_on_an_erased_case_is_forgotten_and_its_chain_is_whole(
    database: Database,
) -> None:
    case, other = await closed(database), await closed(database)
    async with database.work() as work:
        await holds.set_hold(work, case, "张三的官司", None, ZHOU)
        said = Said("mask.opened", {"note": "张三来电"})
        await note(work, Chain("case", str(other.id)), ZHOU.doer, said)
    await heard(database, case)
    async with database.reading() as session:
        rows = list(await session.scalars(select(AuditRow).order_by(AuditRow.id)))
    assert [(row.key, row.action) for row in rows if row.sealed is None] == [
        (str(case.id), "hold.set")
    ]
    assert [row.action for row in rows if row.sealed] == ["mask.opened", "erasure.done"]
    columns = [{name: getattr(row, name) for name in COLUMNS} for row in rows]
    mine = [one for one in columns if one["key"] == str(case.id)]
    assert first_break(kept(database.vault, one) for one in mine) is None


async def test_who_asked_and_why_it_was_decided_are_forgotten_with_the_case(
    database: Database,
) -> None:
    case, other = await closed(database), await closed(database)
    asked = []
    for one, erase in ((case, False), (case, True), (other, False)):
        async with database.work() as work:
            request = await take_down(work, "erasure", ZHANG, [one], ZHOU)
        async with database.work() as work:
            await decide(work, request, "张三13800138000来电", WU, erase=erase)
        asked.append(request)
    await heard(database, case)
    async with database.reading() as session:
        rows = [await session.get_one(PrivacyRequestRow, one) for one in asked]
        ours = AuditRow.key.in_([str(one) for one in asked])
        log = list(await session.scalars(select(AuditRow).where(ours).order_by(AuditRow.id)))
    assert [(one.subject is None, one.decision is None) for one in rows] == [
        (True, True),
        (True, True),
        (False, False),
    ]
    told: dict[str, list[tuple[str, bool]]] = {str(one): [] for one in asked}
    for row in log:
        told[row.key].append((row.action, row.sealed is None))
    emptied = ("erasure.request_emptied", False)
    assert list(told.values()) == [
        [("erasure.asked", True), ("erasure.refused", True), emptied],
        [("erasure.asked", True), ("erasure.done", True), emptied],
        [("erasure.asked", False), ("erasure.refused", False)],
    ]


async def test_a_correction_after_the_erasure_is_refused(database: Database) -> None:
    lin = await a_colleague(database)
    case = await a_case(database)
    await heard(database, case)
    with pytest.raises(WordsErasedError):
        await step(database, case, "amend", lin, changes={"/complainant/name": "张三"})
    assert await count(database, AmendmentRow) == 0


async def test_a_correction_at_the_same_moment_leaves_no_word_behind(database: Database) -> None:
    lin = await a_colleague(database)
    cases = [await a_case(database) for _ in range(4)]

    async def amend(case: object) -> None:
        try:
            await step(database, case, "amend", lin, changes={"/complainant/name": "张三"})  # type: ignore[arg-type]  # a case
        except ConflictError:
            return

    for case in cases:
        await asyncio.gather(amend(case), heard(database, case))
    async with database.reading() as session:
        assert set(await session.scalars(select(CaseWordsRow.words))) == {None}
        assert set(await session.scalars(select(AmendmentRow.changes))) <= {None}
        assert set(await session.scalars(select(CaseLogRow.sealed))) == {None}


async def test_who_reported_cannot_be_written_into_a_case(database: Database) -> None:
    lin = await a_colleague(database)
    case = await a_case(database, kind="report")
    with pytest.raises(ReporterApartError) as refused:
        await step(database, case, "amend", lin, changes={"/complainant/name": "张三"})
    assert refused.value.pointer == "/complainant/name"
    assert await count(database, AmendmentRow) == 0


async def test_what_old_corrections_said_of_a_reporter_goes_when_intake_moved_it(
    database: Database,
) -> None:
    lin = await a_colleague(database)
    case = await a_case(database)
    case = await step(database, case, "amend", lin, changes={"/complainant/name": "张三"})
    await step(database, case, "note", lin, text="现场看过")
    event = ComplaintAmended(
        occurred_at=NOON,
        complaint_id=case.complaint_id,
        version=2,
        fields=("/agent", "/complainant", "/joint"),
        respondent_known=True,
    )
    async with database.work() as work:
        await amend_cases(work, [event])
    async with database.reading() as session:
        rows = await session.scalars(select(CaseLogRow).order_by(CaseLogRow.seq))
        sealed = {row.step: row.sealed is None for row in rows}
        assert await session.scalar(select(AmendmentRow.changes)) is None
    assert sealed == {"open": False, "amend": True, "note": False}
