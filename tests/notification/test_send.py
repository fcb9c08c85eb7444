"""Handing over by e-mail: noted before, noted after, tried again, given up where all can see it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.notification.domain.retry import SCHEDULE
from services.notification.domain.states import Reason, State
from services.notification.domain.way import Outcome
from services.notification.ports import Office
from services.notification.tables import LetterRow
from services.notification.use_cases.attempts import LEASE
from services.notification.use_cases.claiming import claim, still_ours
from services.notification.use_cases.giving_up import give_up_late
from services.notification.use_cases.send import send_due
from shared.events import LetterFailed, LetterPrepared, LetterSent
from shared.work import Database
from tests.conftest import StandingClock
from tests.notification.conftest import RECEIPT, WORDS, PostBox, Sisters, forwarded
from tests.notification.platform import attempts, letters, made, only, said

AWAY = Outcome(Reason.UNREACHABLE, "SMTPConnectError")


async def test_a_letter_is_sent_once_with_its_pdf_and_said_to_be_sent(
    database: Database, office: Office, post: PostBox, clock: StandingClock
) -> None:
    [letter] = await made(database, office, forwarded())
    assert await send_due(database, office) == 1
    assert await send_due(database, office) == 0
    [mail] = post.mails
    assert mail.to == "shop@example.invalid"
    assert mail.message_id == f"<{letter.id}.1@test>"
    assert mail.subject == "投诉转送函 消转〔2026〕1号：请于2026年6月29日前答复"
    assert mail.file_name == "消转〔2026〕1号.pdf"
    assert mail.pdf.startswith(b"%PDF")
    assert "张小满" not in mail.text + mail.subject
    sent = await only(database)
    assert (sent.state, sent.way, sent.sent_at, sent.due_at) == ("sent", "email", clock.now, None)
    [attempt] = await attempts(database)
    assert (attempt.place, attempt.way, attempt.reason) == (1, "email", None)
    assert attempt.detail == "250 taken"
    prepared, event = await said(database)
    assert isinstance(prepared, LetterPrepared)
    assert isinstance(event, LetterSent)
    assert (event.way, event.attempts, event.version) == ("email", 1, 2)


async def test_a_mail_says_that_copies_of_files_did_not_come_with_it_and_events_name_no_file(
    database: Database, office: Office, post: PostBox, sisters: Sisters
) -> None:
    await made(database, office, forwarded())
    sisters.words_of_all = replace(WORDS, files=(RECEIPT,))
    await made(database, office, forwarded())
    assert await send_due(database, office) == 2
    without, having = sorted(post.mails, key=lambda mail: mail.file_name)
    assert "副本" not in without.text
    assert (
        "请说明理由并提供证据材料。\n"
        "    投诉人提供的材料共1件，副本没有随本邮件发送，可凭函件文号向联系人索取。\n"
    ) in having.text
    events = await said(database)
    assert [type(one) for one in events].count(LetterSent) == 2
    assert not [one for one in events if "小票" in repr(one)]


async def test_a_failed_attempt_keeps_its_reason_and_is_tried_again_later(
    database: Database, office: Office, post: PostBox, clock: StandingClock
) -> None:
    await made(database, office, forwarded())
    post.outcomes = [Outcome(Reason.DEFERRED, "451 try later")]
    assert await send_due(database, office) == 1
    waiting = await only(database)
    assert (waiting.state, waiting.reason) == ("sending", "deferred")
    assert waiting.due_at == clock.now + timedelta(minutes=1)
    assert await send_due(database, office) == 0
    clock.move(minutes=1)
    assert await send_due(database, office) == 1
    assert (await only(database)).state == "sent"
    assert [(one.place, one.reason, one.detail) for one in await attempts(database)] == [
        (1, "deferred", "451 try later"),
        (2, None, "250 taken"),
    ]
    assert len({mail.message_id for mail in post.mails}) == 1


async def test_a_refused_address_is_given_up_at_once(
    database: Database, office: Office, post: PostBox
) -> None:
    await made(database, office, forwarded())
    post.outcomes = [Outcome(Reason.ADDRESS, "550 张小满 13800009999: no such user")]
    await send_due(database, office)
    assert await send_due(database, office) == 0
    failed = await only(database)
    [attempt] = await attempts(database)
    assert attempt.detail == "550 张** 138****9999: no such user"
    assert (failed.state, failed.reason, failed.due_at) == ("failed", "address", None)
    event = (await said(database))[-1]
    assert isinstance(event, LetterFailed)
    assert (event.reason, event.attempts) == ("address", 1)


async def test_after_the_whole_schedule_a_letter_is_given_up(
    database: Database, office: Office, post: PostBox, clock: StandingClock
) -> None:
    await made(database, office, forwarded())
    post.outcomes = [AWAY] * 20
    for pause in SCHEDULE:
        assert await send_due(database, office) == 1
        assert (await only(database)).state == "sending"
        clock.move(seconds=pause.total_seconds())
    assert await send_due(database, office) == 1
    assert await send_due(database, office) == 0
    assert (await only(database)).state == "failed"
    assert len(await attempts(database)) == len(SCHEDULE) + 1
    event = (await said(database))[-1]
    assert isinstance(event, LetterFailed)
    assert (event.reason, event.attempts) == ("unreachable", 8)


async def test_a_letter_whose_next_try_would_be_too_late_goes_to_a_person(
    database: Database, office: Office, post: PostBox, clock: StandingClock
) -> None:
    await made(database, office, forwarded(reply_due=clock.now.date() + timedelta(days=1)))
    clock.move(hours=11, minutes=59, seconds=30)
    post.outcomes = [AWAY]
    await send_due(database, office)
    late = await only(database)
    assert (late.state, late.reason) == ("failed", "late")


async def test_a_letter_that_became_due_too_late_is_not_sent(
    database: Database, office: Office, post: PostBox, clock: StandingClock
) -> None:
    await made(database, office, forwarded())
    clock.move(days=6)
    assert await send_due(database, office) == 1
    assert post.mails == []
    assert ((await only(database)).state, (await only(database)).reason) == ("failed", "late")


async def test_one_server_that_is_away_is_not_asked_by_every_letter(
    database: Database, office: Office, post: PostBox
) -> None:
    await made(database, office, *(forwarded() for _ in range(5)))
    post.outcomes = [AWAY]
    assert await send_due(database, office) == 5
    assert len(post.mails) == 1
    assert {one.reason for one in await attempts(database)} == {"unreachable"}


async def test_a_crash_between_sending_and_noting_repeats_with_the_same_message_id(
    database: Database, office: Office, post: PostBox, clock: StandingClock
) -> None:
    await made(database, office, forwarded())
    post.crash = RuntimeError("the power went")
    with pytest.raises(RuntimeError):
        await send_due(database, office)
    [open_attempt] = await attempts(database)
    assert open_attempt.ended_at is None
    post.crash = None
    assert await send_due(database, office) == 0
    clock.move(seconds=LEASE.total_seconds())
    assert await send_due(database, office) == 1
    assert [(one.place, one.reason) for one in await attempts(database)] == [
        (1, "interrupted"),
        (2, None),
    ]
    assert len(post.mails) == 2
    assert len({mail.message_id for mail in post.mails}) == 1
    assert sum(isinstance(event, LetterSent) for event in await said(database)) == 1


async def test_what_waited_for_a_mail_server_goes_once_there_is_one(
    database: Database, office: Office, post: PostBox
) -> None:
    post.open = False
    await made(database, office, forwarded(), forwarded(body="demo"))
    assert await send_due(database, office) == 0
    post.open = True
    assert await send_due(database, office) == 1
    assert {(one.body, one.state) for one in await letters(database)} == {
        ("main", "sent"),
        ("demo", "waiting"),
    }


async def test_what_waits_until_its_reply_date_goes_to_a_person_but_for_the_demonstration(
    database: Database, office: Office, post: PostBox, clock: StandingClock
) -> None:
    post.open = False
    await made(database, office, forwarded(), forwarded(body="demo"))
    clock.move(days=5)
    assert await give_up_late(database) == 0
    clock.move(days=1)
    assert await give_up_late(database) == 1
    assert await give_up_late(database) == 0
    assert {(one.body, one.state, one.reason) for one in await letters(database)} == {
        ("main", "failed", "late"),
        ("demo", "waiting", None),
    }


async def test_a_letter_whose_case_ended_while_its_neighbours_went_out_stays_in(
    database: Database, office: Office, post: PostBox
) -> None:
    [letter] = await made(database, office, forwarded())
    async with database.work() as work:
        [claimed], late = await claim(work)
    assert late == 0
    assert await still_ours(database, claimed)
    async with database.work() as work:
        row = await work.session.get_one(LetterRow, letter.id)
        row.state = State.VOID
    assert not await still_ours(database, claimed)
    assert post.mails == []
    [attempt] = await attempts(database)
    assert attempt.reason == "case_over"
    assert attempt.ended_at is not None
