"""Who reported is kept apart: no handler sees it, a privacy officer does, and it is noted."""

import json
from uuid import UUID

import pytest

from services.intake.domain.errors import (
    NoReportError,
    NoSuchComplaintError,
    ReasonMissingError,
)
from services.intake.tables import COMPLAINANT, WORDS, ComplaintRow, ReporterRow
from services.intake.use_cases import amending, looking_up, words
from services.intake.use_cases.record_out import record_json
from services.intake.use_cases.reporters import move_reporters, open_reporter, to_move
from services.intake.use_cases.sealing import opened, packed
from services.intake.use_cases.uploads import form_of, receive_with_files
from shared.acting import Caller
from shared.events import ComplaintAmended, ComplaintReceived
from shared.rights import Grant, Rights, Role
from shared.trail import Doer
from shared.work import Database
from tests.conftest import NOON
from tests.doers import Did, did
from tests.intake.builders import a_submission
from tests.intake.kept import count, intact, noted, receive, row_of, said

OFFICER = UUID(int=11)
DOER = Doer("staff", OFFICER, "周专员", "privacy_officer")
ZHOU = Caller(DOER, Rights((Grant(Role.PRIVACY_OFFICER, OFFICER, "main"),)))
AGENT = {"name": "代理王五", "phone": "13700137000"}
JOINT = {"people": [{"name": "同伴赵六"}], "representatives": ["同伴赵六"]}
SECRET = ("张三", "13800138000", "代理王五", "13700137000", "同伴赵六")


async def a_report(database: Database) -> UUID:
    return (await receive(database, kind="report", agent=AGENT, joint=JOINT)).id


async def test_the_row_of_a_report_holds_nothing_of_who_reported(database: Database) -> None:
    report = await a_report(database)
    row = await row_of(database, report)
    assert row.complainant is None
    kept = opened(row.words, row.id, database.vault)
    assert kept is not None
    assert (kept["agent"], kept["joint"]) == (None, None)
    assert kept["subject"] == "实木餐桌开裂"
    assert await count(database, ReporterRow) == 1
    assert [type(one) for one in await said(database)] == [ComplaintReceived]


async def test_the_record_of_a_complaint_is_as_before_and_nobody_is_kept_apart(
    database: Database,
) -> None:
    receipt = await receive(database, agent=AGENT)
    row = await row_of(database, receipt.id)
    complainant = opened(row.complainant, row.id, database.vault)
    assert complainant is not None
    assert complainant["name"] == "张三"
    assert await count(database, ReporterRow) == 0


async def test_neither_sisters_nor_staff_are_told_who_reported(database: Database) -> None:
    report = await a_report(database)
    async with database.reading() as session:
        [told] = await words.words_of(session, database.vault, [report])
    shown = record_json(told, told["files"])
    for said_of_it in (told, shown):
        written = json.dumps(said_of_it, ensure_ascii=False, default=str)
        assert not [one for one in SECRET if one in written]
    assert (shown["reporter_apart"], shown["complainant"], shown["agent"]) == (True, None, None)


async def test_a_report_that_names_its_reporter_in_words_leaves_intake_without_the_name(
    database: Database,
) -> None:
    text = "我叫张三，电话138 0013 8000，同伴赵六也看见了，店里卖过期酸奶。"
    parts = {"matter_subject": "张三举报过期酸奶", "matter_text": text, "evidence": ["张三的照片"]}
    receipt = await receive(database, kind="report", agent=AGENT, joint=JOINT, **parts)
    async with database.reading() as session:
        [told] = await words.words_of(session, database.vault, [receipt.id])
    written = json.dumps(told, ensure_ascii=False, default=str)
    assert not [one for one in (*SECRET, "138 0013 8000") if one in written]
    assert told["words"]["subject"] == "***举报过期酸奶"
    assert told["words"]["text"].endswith("店里卖过期酸奶。")
    row = await row_of(database, receipt.id)
    kept = opened(row.words, row.id, database.vault)
    assert kept is not None
    assert kept["text"] == text


async def test_a_reporter_whose_name_sounds_like_a_company_is_not_told_in_words_either(
    database: Database,
) -> None:
    name = "李秀英（市医院护士）"
    parts = {"matter_subject": f"{name}举报", "matter_text": "我是李秀英，店里卖过期酸奶。"}
    receipt = await receive(database, kind="report", complainant={"name": name}, **parts)
    async with database.reading() as session:
        [told] = await words.words_of(session, database.vault, [receipt.id])
    assert "李秀英" not in json.dumps(told, ensure_ascii=False, default=str)
    assert told["words"]["subject"] == "***举报"
    assert told["words"]["text"] == "我是***，店里卖过期酸奶。"


async def test_a_report_with_files_keeps_its_reporter_apart_as_well(database: Database) -> None:
    submission = a_submission(kind="report", key="k")
    receipt = await receive_with_files(database, submission, form_of(database.vault, "f"))
    assert (await row_of(database, receipt.id)).complainant is None
    assert await count(database, ReporterRow) == 1


async def test_reports_and_complaints_that_arrive_together_are_each_kept_once(
    database: Database,
) -> None:
    first = await receive(database, kind="report", key="r")
    again = await receive(database, kind="report", key="r")
    other = await receive(database, key="c")
    assert again == first._replace(known=True)
    assert other.id != first.id
    assert (await count(database, ComplaintRow), await count(database, ReporterRow)) == (2, 1)


async def test_the_reporter_finds_the_report_with_number_and_code(database: Database) -> None:
    receipt = await receive(database, kind="report")
    async with database.reading() as session:
        row = await looking_up.with_code(
            session, database.vault, receipt.number, receipt.query_code
        )
    assert row.id == receipt.id


async def test_a_privacy_officer_sees_who_reported_and_it_is_noted_why(
    database: Database,
) -> None:
    report = await a_report(database)
    async with database.work() as work:
        found = await open_reporter(work, report, " 公安机关  依法调取 ", ZHOU)
    assert found["complainant"]["name"] == "张三"
    assert found["complainant"]["phone"] == "13800138000"
    assert found["agent"]["name"] == "代理王五"
    assert found["joint"]["people"][0]["name"] == "同伴赵六"
    rows = await noted(database)
    [row] = rows
    assert (row.kind, row.key, row.action) == ("complaint", str(report), "reporter.opened")
    assert (row.doer, row.role, row.at) == (OFFICER, "privacy_officer", NOON)
    assert row.sealed is not None
    [opened_values] = [database.vault.open(row.sealed, row.id)[16:]]
    assert json.loads(opened_values) == {
        "by": "周专员",
        "for": "",
        "said": {"reason": "公安机关 依法调取"},
    }
    assert intact(database, rows)


@pytest.mark.parametrize(
    ("rights", "reason", "error"),
    [
        (Rights((Grant(Role.MEDIATOR, OFFICER, "main"),)), "想看", NoSuchComplaintError),
        (Rights((Grant(Role.ADMINISTRATOR, OFFICER, ""),)), "想看", NoSuchComplaintError),
        (Rights((Grant(Role.PRIVACY_OFFICER, OFFICER, "other"),)), "想看", NoSuchComplaintError),
        (ZHOU.rights, "  ", ReasonMissingError),
    ],
)
async def test_whoever_may_not_or_says_not_why_sees_nothing_and_nothing_is_noted(
    database: Database, rights: Rights, reason: str, error: type[Exception]
) -> None:
    report = await a_report(database)
    with pytest.raises(error):
        async with database.work() as work:
            await open_reporter(work, report, reason, Caller(DOER, rights))
    assert await noted(database) == []


async def test_a_complaint_and_an_unknown_id_have_no_reporter(database: Database) -> None:
    receipt = await receive(database)
    for wanted, error in ((receipt.id, NoReportError), (UUID(int=1), NoSuchComplaintError)):
        with pytest.raises(error):
            async with database.work() as work:
                await open_reporter(work, wanted, "想看", ZHOU)
    assert await noted(database) == []


async def as_before(database: Database, report: UUID) -> None:
    """A report as it was kept before there was a store for reporters."""
    async with database.work() as work:
        gone = await work.session.get_one(ReporterRow, report)
        identity = opened(gone.identity, report, work.vault) or {}
        row = await work.session.get_one(ComplaintRow, report)
        kept = opened(row.words, report, work.vault) or {}
        row.complainant = work.vault.seal(packed(identity["complainant"]), COMPLAINANT, report)
        both = kept | {"agent": identity["agent"], "joint": identity["joint"]}
        row.words = work.vault.seal(packed(both), WORDS, report)
        await work.session.delete(gone)


async def test_reporters_in_old_records_are_moved_once_and_sisters_hear_of_it(
    database: Database,
) -> None:
    report = await a_report(database)
    complaint = (await receive(database)).id
    before = await row_of(database, complaint)
    await as_before(database, report)
    async with database.reading() as session:
        assert await to_move(session) == 1
    assert await move_reporters(database) == 1
    assert await move_reporters(database) == 0
    row = await row_of(database, report)
    assert row.complainant is None
    assert (opened(row.words, report, database.vault) or {})["agent"] is None
    event = (await said(database))[-1]
    assert isinstance(event, ComplaintAmended)
    assert (event.complaint_id, event.version) == (report, 2)
    assert event.fields == ("/agent", "/complainant", "/joint")
    async with database.work() as work:
        found = await open_reporter(work, report, "核对", ZHOU)
    assert found["complainant"]["phone"] == "13800138000"
    assert found["joint"]["representatives"] == ["同伴赵六"]
    assert (await row_of(database, complaint)).complainant == before.complainant


async def test_a_correction_never_writes_who_reported_into_the_record(database: Database) -> None:
    report = await a_report(database)
    changes = {"/complainant/name": "另一个人", "/matter/subject": "桌面开裂"}
    async with database.work() as work:
        amendment = amending.Amendment(UUID(int=5), report, changes)
        assert await amending.apply_amendments(work, [amendment]) == 1
    row = await row_of(database, report)
    assert row.complainant is None
    assert (opened(row.words, report, database.vault) or {})["subject"] == "桌面开裂"


async def test_who_opens_a_reporter_by_a_lent_right_is_noted_with_whose_it_is(
    database: Database,
) -> None:
    report = await a_report(database)
    away = UUID(int=12)
    lent = Grant(Role.PRIVACY_OFFICER, away, "main", holder_name="吴专员")
    stand_in = Caller(Doer("staff", OFFICER, "周专员", "mediator"), Rights((lent,)))
    for caller in (stand_in, ZHOU):
        async with database.work() as work:
            await open_reporter(work, report, "依法调取", caller)
    assert await did(database) == [
        Did("reporter.opened", OFFICER, "周专员", "privacy_officer", away, "吴专员"),
        Did("reporter.opened", OFFICER, "周专员", "privacy_officer", None, ""),
    ]
