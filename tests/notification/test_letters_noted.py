"""Each change of a letter is one row of its chain, in the transaction that makes the change."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from services.notification.domain.states import Action, Reason
from services.notification.domain.way import Outcome
from services.notification.ports import Office
from services.notification.use_cases.claiming import claim
from services.notification.use_cases.desk import act
from services.notification.use_cases.erase import erase_words
from services.notification.use_cases.files import kept_pdf, pdf_of
from services.notification.use_cases.giving_up import give_up_late
from services.notification.use_cases.make import make_letters
from services.notification.use_cases.resuming import amended
from services.notification.use_cases.send import send_due
from services.notification.use_cases.void import void_letters
from shared.events import CaseForwarded
from shared.trail.logs import AUDIT
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.trail.verifying import verify
from shared.work import Database
from tests.conftest import StandingClock
from tests.notification.conftest import CLERK, WORDS, PostBox, Sisters, closed, forwarded
from tests.notification.platform import letters, made, only, owe

AWAY = Outcome(Reason.UNREACHABLE, "SMTPConnectError")
IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}")
"""Ids and sums, in which any digits may stand."""
SENT = ["letter.owed", "letter.made", "letter.tried", "letter.filed", "letter.sent"]


class Row(NamedTuple):
    """What a row says of its letter."""

    action: str
    doer: str
    state: str | None
    because: str | None
    said: dict[str, Any]


async def rows(database: Database, letter: UUID | None = None) -> list[Row]:
    """The rows of a letter, or of all of them, as they were written."""
    wanted = select(AuditRow).where(AuditRow.kind == "letter").order_by(AuditRow.id)
    async with database.reading() as session:
        found = [
            (row, opened(database.vault, row.sealed, row.id))
            for row in await session.scalars(wanted)
            if letter is None or row.key == str(letter)
        ]
    told = [(row, values[1]["said"] if values else {}) for row, values in found]
    return [
        Row(row.action, row.doer_kind, said.get("letter_state"), said.get("because"), said)
        for row, said in told
    ]


async def actions(database: Database) -> list[str]:
    """What was noted, in order."""
    return [one.action for one in await rows(database)]


async def stands(database: Database) -> list[tuple[str, str | None, str | None]]:
    """What was noted, with the state after it and why."""
    return [(one.action, one.state, one.because) for one in await rows(database)]


async def test_a_letter_that_goes_by_mail_is_told_of_from_its_number_to_its_sending(
    database: Database, office: Office, clock: StandingClock
) -> None:
    [letter] = await made(database, office, forwarded())
    clock.move(minutes=1)
    assert await send_due(database, office) == 1
    told = await rows(database, letter.id)
    assert [(one.action, one.state) for one in told] == [
        ("letter.owed", "owed"),
        ("letter.made", "sending"),
        ("letter.tried", "sending"),
        ("letter.filed", "sending"),
        ("letter.sent", "sent"),
    ]
    assert {one.doer for one in told} == {"system"}
    assert {one.said["document_number"] for one in told} == {"消转〔2026〕1号"}
    assert {one.said["complaint"] for one in told} == {str(letter.complaint_id)}
    owed, _, tried, filed, sent = (one.said for one in told)
    assert (owed["issued_on"], owed["reply_due"]) == ("2026-06-23", "2026-06-29")
    assert (tried["attempt"], sent["attempt"]) == (1, 1)
    pdf = await kept_pdf(database, letter.id)
    assert pdf is not None
    assert filed["sha256"] == sha256(pdf).hexdigest()
    assert (sent["by"], sent["sent_at"]) == ("email", clock.now.isoformat())
    assert (await verify(database, [AUDIT])).breaks == []


async def test_why_a_letter_is_held_is_told_and_that_a_correction_takes_it_up_again(
    database: Database, office: Office, sisters: Sisters
) -> None:
    forwarding = forwarded()
    sisters.about(name="", email="")
    await made(database, office, forwarding)
    sisters.about(name="安澜迅修手机维修店")
    async with database.work() as work:
        await amended(work, [forwarding.complaint_id])
    await made(database, office)
    assert await stands(database) == [
        ("letter.owed", "owed", None),
        ("letter.held", "held", "missing"),
        ("letter.resumed", "owed", None),
        ("letter.made", "to_print", "no_address"),
    ]


async def test_a_letter_that_cannot_be_made_is_told_of_as_held(
    database: Database, office: Office, sisters: Sisters
) -> None:
    forwarding = forwarded()
    sisters.odd[forwarding.complaint_id] = replace(WORDS, happened_on="no day")
    await made(database, office, forwarding)
    assert await stands(database) == [
        ("letter.owed", "owed", None),
        ("letter.held", "held", "unmade"),
    ]


async def test_a_letter_that_is_put_off_is_not_told_of_until_it_goes_to_a_person(
    database: Database, office: Office, sisters: Sisters, clock: StandingClock
) -> None:
    sisters.words_of_all = None
    await made(database, office, forwarded())
    for _ in range(3):
        clock.move(minutes=1)
        assert await make_letters(database, office) == 1
    assert await actions(database) == ["letter.owed"]
    clock.move(days=6)
    await make_letters(database, office)
    assert (await stands(database))[1:] == [("letter.held", "held", "unknown")]


async def test_each_attempt_is_told_of_and_that_we_gave_up(
    database: Database, office: Office, post: PostBox, clock: StandingClock
) -> None:
    post.outcomes = [AWAY, Outcome(Reason.REFUSED, "550")]
    await made(database, office, forwarded())
    await send_due(database, office)
    clock.move(minutes=2)
    await send_due(database, office)
    assert (await stands(database))[2:] == [
        ("letter.tried", "sending", None),
        ("letter.filed", "sending", None),
        ("letter.not_sent", "sending", "unreachable"),
        ("letter.tried", "sending", "unreachable"),
        ("letter.failed", "failed", "refused"),
    ]
    assert [one.said.get("attempt") for one in await rows(database)] == [
        None, None, 1, None, 1, 2, 2,
    ]  # fmt: skip


async def test_an_attempt_that_was_cut_off_is_told_of_before_the_next_one(
    database: Database, office: Office, clock: StandingClock
) -> None:
    await made(database, office, forwarded())
    async with database.work() as work:
        await claim(work)
    clock.move(minutes=11)
    assert await send_due(database, office) == 1
    told = [(one.action, one.said.get("attempt"), one.because) for one in await rows(database)]
    assert told[2:] == [
        ("letter.tried", 1, None),
        ("letter.not_sent", 1, "interrupted"),
        ("letter.tried", 2, None),
        ("letter.filed", None, None),
        ("letter.sent", 2, None),
    ]


async def test_a_letter_that_is_too_late_is_told_of_as_given_up(
    database: Database, office: Office, clock: StandingClock
) -> None:
    await made(database, office, forwarded())
    clock.move(days=6)
    assert await send_due(database, office) == 1
    assert (await stands(database))[2:] == [("letter.failed", "failed", "late")]


async def test_what_waited_for_a_mail_server_is_told_of_when_there_is_one_or_it_is_too_late(
    database: Database, office: Office, post: PostBox, clock: StandingClock
) -> None:
    post.open = False
    await made(database, office, forwarded(), forwarded(reply_due="2026-07-10"))
    clock.move(days=6)
    assert await give_up_late(database) == 1
    post.open = True
    assert await send_due(database, office) == 1
    assert (await stands(database))[2:6] == [
        ("letter.made", "waiting", None),
        ("letter.made", "waiting", None),
        ("letter.failed", "failed", "late"),
        ("letter.released", "sending", None),
    ]


async def test_the_end_of_a_case_voids_its_letters_in_their_chains(
    database: Database, office: Office
) -> None:
    first, late = forwarded(), forwarded()
    [letter] = await made(database, office, first)
    async with database.work() as work:
        await void_letters(work, [closed(first), closed(late)])
    await owe(database, office, [late])
    assert (await stands(database))[2:] == [
        ("letter.voided", "void", "case_over"),
        ("letter.owed", "void", "case_over"),
    ]
    assert [one.action for one in await rows(database, letter.id)][-1] == "letter.voided"


async def test_what_people_do_says_where_the_letter_stands_after_it(
    database: Database, office: Office, sisters: Sisters, clock: StandingClock
) -> None:
    sisters.about(email="")
    [letter] = await made(database, office, forwarded())
    async with database.work() as work:
        await act(work, office, CLERK, letter.id, Action.MAKE)
    await made(database, office)
    async with database.work() as work:
        await act(work, office, CLERK, letter.id, Action.PRINTED)
    [remade] = [one for one in await rows(database) if one.action == "letter.remade"]
    [handed] = [one for one in await rows(database) if one.action == "letter.handed"]
    assert (remade.doer, remade.state, remade.said["sha256"]) == ("staff", "owed", None)
    assert (handed.doer, handed.state) == ("staff", "printed")
    assert {name: handed.said[name] for name in ("by", "attempt", "sent_at")} == {
        "by": "print",
        "attempt": 1,
        "sent_at": clock.now.isoformat(),
    }


async def test_an_erasure_empties_the_chain_and_says_what_the_register_keeps(
    database: Database, office: Office
) -> None:
    sent, owed = forwarded(), forwarded()
    await made(database, office, sent)
    await send_due(database, office)
    await owe(database, office, [owed])
    async with database.work() as work:
        await erase_words(work, [sent.complaint_id, owed.complaint_id])
    out, inside = await letters(database)
    for letter, state, way in ((out, "sent", "email"), (inside, "held", None)):
        *before, last = await rows(database, letter.id)
        assert {one.said == {} for one in before} == {True}
        assert (last.action, last.state, last.said["by"]) == ("erasure.done", state, way)
        assert last.said["document_number"] == letter.document_number
        assert last.said["sha256"] is None
    assert (await verify(database, [AUDIT])).breaks == []


@contextmanager
def counting(database: Database) -> Generator[list[str]]:
    """The statements that the database is asked."""
    asked: list[str] = []

    def see(*args: Any) -> None:
        asked.append(args[2])

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", see)
    yield asked
    event.remove(engine, "before_cursor_execute", see)


async def statements(database: Database, office: Office, events: list[CaseForwarded]) -> int:
    """How many it takes to owe these letters, to make them, and to void them."""
    with counting(database) as asked:
        await owe(database, office, events)
        assert await make_letters(database, office) == len(events)
        async with database.work() as work:
            await void_letters(work, [closed(one) for one in events])
    return len(asked)


async def test_many_letters_take_no_more_statements_than_a_few(
    database: Database, office: Office
) -> None:
    few, many = ([forwarded() for _ in range(count)] for count in (2, 40))
    first = await statements(database, office, few)
    assert await statements(database, office, many) == first
    assert len(await actions(database)) == 3 * 42


async def test_where_the_trail_cannot_be_written_the_letter_stays_as_it_was(
    database: Database, office: Office
) -> None:
    forwarding = forwarded()
    [before] = await made(database, office, forwarding)
    async with database.work() as work:
        await work.session.execute(text("ALTER TABLE audit_log RENAME TO away"))
    with pytest.raises(DBAPIError):
        await owe(database, office, [forwarded()])
    with pytest.raises(DBAPIError):
        async with database.work() as work:
            await void_letters(work, [closed(forwarding)])
    with pytest.raises(DBAPIError):
        await send_due(database, office)
    with pytest.raises(DBAPIError):
        await pdf_of(database, office, before)
    after = await only(database)
    assert (after.state, after.tries, after.due_at) == ("sending", 0, before.due_at)
    assert await kept_pdf(database, before.id) is None


async def test_rows_of_a_letter_say_nothing_of_people(
    database: Database, office: Office, clock: StandingClock
) -> None:
    await made(database, office, forwarded())
    clock.move(seconds=timedelta(minutes=1).total_seconds())
    await send_due(database, office)
    assert await actions(database) == SENT
    told = IDS.sub("", str([one.said for one in await rows(database)]))
    for personal in ("张小满", "shop@example.invalid", "安澜迅修", "手机", "250 taken"):
        assert personal not in told
