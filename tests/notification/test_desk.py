"""What a person does with a letter, and what is refused."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from services.notification.domain.states import Action, Reason, State
from services.notification.domain.way import Outcome
from services.notification.places import cursor_of, place_in
from services.notification.ports import Office
from services.notification.tables import LetterFileRow
from services.notification.use_cases.allowing import seen_by
from services.notification.use_cases.desk import (
    NoAddressError,
    NoMailServerError,
    NoSuchLetterError,
    NotNowError,
    act,
)
from services.notification.use_cases.files import pdf_of
from services.notification.use_cases.genuine import Verdict, verdict_on
from services.notification.use_cases.identity import check_code, in_groups
from services.notification.use_cases.make import make_letters
from services.notification.use_cases.read import (
    TODO,
    Place,
    Wanted,
    counts,
    list_letters,
    whole_letter,
)
from services.notification.use_cases.send import send_due
from services.notification.use_cases.void import void_letters
from shared.events import LetterSent
from shared.web.paging import UnreadableCursorError, encode_cursor
from shared.work import Database
from tests.conftest import StandingClock
from tests.notification.conftest import BODIES, CLERK, PostBox, Sisters, closed, forwarded
from tests.notification.platform import attempts, letters, made, only, said


def wanted(states: frozenset[State] = frozenset(), q: str = "") -> Wanted:
    return Wanted(seen_by(CLERK), BODIES, states, q)


async def do(database: Database, office: Office, letter: UUID, action: Action) -> None:
    async with database.work() as work:
        await act(work, office, CLERK, letter, action)


async def test_a_letter_that_was_printed_and_posted_is_out(
    database: Database, office: Office, sisters: Sisters, clock: StandingClock
) -> None:
    sisters.about(email="")
    [letter] = await made(database, office, forwarded())
    await do(database, office, letter.id, Action.PRINTED)
    out = await only(database)
    assert (out.state, out.way, out.sent_at) == ("printed", "print", clock.now)
    [attempt] = await attempts(database)
    assert (attempt.way, attempt.actor, attempt.reason) == ("print", CLERK.doer.id, None)
    event = (await said(database))[-1]
    assert isinstance(event, LetterSent)
    assert (event.way, event.attempts) == ("print", 1)
    with pytest.raises(NotNowError):
        await do(database, office, letter.id, Action.PRINTED)
    assert len(await attempts(database)) == 1


async def test_sending_again_is_a_new_sending_with_a_message_id_of_its_own(
    database: Database, office: Office, post: PostBox
) -> None:
    [letter] = await made(database, office, forwarded())
    await send_due(database, office)
    await do(database, office, letter.id, Action.SEND)
    assert await send_due(database, office) == 1
    assert [mail.message_id for mail in post.mails] == [
        f"<{letter.id}.1@test>",
        f"<{letter.id}.2@test>",
    ]
    assert post.mails[0].pdf == post.mails[1].pdf


async def test_a_failed_letter_is_made_anew_after_its_address_was_corrected(
    database: Database, office: Office, post: PostBox, sisters: Sisters
) -> None:
    [letter] = await made(database, office, forwarded())
    post.outcomes = [Outcome(Reason.ADDRESS, "550")]
    await send_due(database, office)
    sisters.about(email="right@example.invalid")
    await do(database, office, letter.id, Action.MAKE)
    async with database.reading() as session:
        assert await session.get(LetterFileRow, letter.id) is None
    while await make_letters(database, office):
        pass
    assert await send_due(database, office) == 1
    assert post.mails[-1].to == "right@example.invalid"
    assert (await only(database)).document_number == "消转〔2026〕1号"
    assert sum(event.TYPE.endswith("prepared.v1") for event in await said(database)) == 1


async def test_without_a_mail_server_nothing_is_promised(
    database: Database, office: Office, post: PostBox
) -> None:
    post.open = False
    [letter] = await made(database, office, forwarded())
    with pytest.raises(NoMailServerError):
        await do(database, office, letter.id, Action.SEND)
    assert (await only(database)).state == "waiting"


async def test_without_an_address_a_failed_letter_cannot_be_sent_again(
    database: Database, office: Office, sisters: Sisters, clock: StandingClock
) -> None:
    sisters.about(email="")
    clock.move(days=6)
    [letter] = await made(database, office, forwarded())
    assert letter.state == "failed"
    with pytest.raises(NoAddressError):
        await do(database, office, letter.id, Action.SEND)
    assert (await only(database)).state == "failed"


async def test_nobody_acts_on_another_organisations_letter(
    database: Database, office: Office
) -> None:
    [letter] = await made(database, office, forwarded(body="demo"))
    for action in Action:
        with pytest.raises(NoSuchLetterError):
            await do(database, office, letter.id, action)
    with pytest.raises(NoSuchLetterError):
        await do(database, office, uuid4(), Action.SEND)
    assert (await only(database)).state == "waiting"
    async with database.reading() as session:
        with pytest.raises(NoSuchLetterError):
            await whole_letter(session, database.vault, seen_by(CLERK), letter.id)


async def test_a_case_that_is_over_sends_no_letter_and_keeps_its_number(
    database: Database, office: Office, post: PostBox
) -> None:
    over, other = forwarded(), forwarded()
    await made(database, office, over, other)
    async with database.work() as work:
        await void_letters(work, [closed(over)])
    assert await send_due(database, office) == 1
    states = {one.complaint_id: (one.state, one.reason) for one in await letters(database)}
    assert states == {
        over.complaint_id: ("void", "case_over"),
        other.complaint_id: ("sent", None),
    }
    assert [one.number for one in await letters(database)] == [1, 2]
    assert len(post.mails) == 1


async def test_a_letter_that_is_out_stays_out_when_its_case_is_closed(
    database: Database, office: Office
) -> None:
    event = forwarded()
    await made(database, office, event)
    await send_due(database, office)
    async with database.work() as work:
        await void_letters(work, [closed(event)])
    assert (await only(database)).state == "sent"


async def test_a_letter_is_genuine_by_its_number_and_code_only(
    database: Database, office: Office
) -> None:
    mine, other = await made(database, office, forwarded(), forwarded())
    code = check_code(database.vault, mine)
    assert len(code) == 12
    assert await verdict_on(database, "消转〔2026〕1号", code) is Verdict.GENUINE
    assert await verdict_on(database, "消转[2026]1", in_groups(code).lower()) is Verdict.GENUINE
    assert await verdict_on(database, "消转〔2026〕2号", code) is Verdict.UNKNOWN
    assert (
        await verdict_on(database, "消转〔2026〕1号", check_code(database.vault, other))
        is Verdict.UNKNOWN
    )
    assert await verdict_on(database, "消转〔2026〕1号", "") is Verdict.UNKNOWN
    assert await verdict_on(database, "x" * 5000, "y" * 5000) is Verdict.UNKNOWN


async def test_lists_go_on_where_they_stopped_while_letters_arrive(
    database: Database, office: Office
) -> None:
    await made(database, office, *(forwarded() for _ in range(60)))
    async with database.reading() as session:
        first = await list_letters(session, database.vault, wanted())
    await made(database, office, forwarded())
    async with database.reading() as session:
        assert first.next is not None
        second = await list_letters(session, database.vault, wanted(), first.next)
    seen = [one.row.id for one in (*first.items, *second.items)]
    assert (len(first.items), len(second.items), second.next) == (50, 10, None)
    assert len(set(seen)) == 60


@pytest.mark.parametrize("states", [frozenset(), TODO])
@pytest.mark.parametrize(
    "values", [["x"], [""], ["2026-99-99", str(UUID(int=1))], [None, 7], ["2026-07-01", "x"], []]
)
def test_a_place_that_no_list_has_given_is_refused(
    values: list[object], states: frozenset[State]
) -> None:
    with pytest.raises(UnreadableCursorError):
        place_in(encode_cursor(values), wanted(states))


@pytest.mark.parametrize(
    ("place", "states"),
    [(Place(UUID(int=1)), frozenset()), (Place(UUID(int=1), date(2026, 7, 1)), TODO)],
)
def test_a_place_comes_back_from_its_cursor(place: Place, states: frozenset[State]) -> None:
    assert place_in(cursor_of(place), wanted(states)) == place
    assert place_in(cursor_of(None), wanted(states)) is None


async def test_characters_no_database_takes_find_nothing_and_break_nothing(
    database: Database, office: Office
) -> None:
    await made(database, office, forwarded())
    async with database.reading() as session:
        found = await list_letters(session, database.vault, wanted(q="\x00\ud800"))
    assert found.items == []
    assert await verdict_on(database, "\x00〔2026〕1号", "000000000000") is Verdict.UNKNOWN


async def test_what_a_person_must_do_comes_by_its_reply_date(
    database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.about(email="")
    days = ["2026-07-03", "2026-06-29", "2026-07-01"]
    await made(database, office, *(forwarded(reply_due=day) for day in days))
    async with database.reading() as session:
        listed = await list_letters(session, database.vault, wanted(TODO))
        assert [one.row.reply_due.isoformat() for one in listed.items] == sorted(days)
        after = Place(listed.items[0].row.id, listed.items[0].row.reply_due)
        rest = await list_letters(session, database.vault, wanted(TODO), after)
        assert [one.row.reply_due.isoformat() for one in rest.items] == sorted(days)[1:]
        assert (await counts(session, seen_by(CLERK), BODIES))[State.TO_PRINT] == 3
        capped = await counts(session, seen_by(CLERK), BODIES, 2)
        assert (capped[State.TO_PRINT], capped[State.SENT]) == (2, 0)


async def test_a_letter_is_found_by_its_number_and_by_its_case(
    database: Database, office: Office
) -> None:
    first, *_ = await made(database, office, forwarded(), forwarded())
    async with database.reading() as session:
        by_number = await list_letters(session, database.vault, wanted(q="消转[2026]1"))
        by_case = await list_letters(session, database.vault, wanted(q="260618-7qk3m9xwd"))
        nothing = await list_letters(session, database.vault, wanted(q="别的"))
    assert [one.row.id for one in by_number.items] == [first.id]
    assert len(by_case.items) == 2
    assert nothing.items == []


async def test_a_letter_shows_its_attempts_and_the_hash_of_its_pdf(
    database: Database, office: Office
) -> None:
    [letter] = await made(database, office, forwarded())
    await pdf_of(database, office, letter)
    await send_due(database, office)
    async with database.reading() as session:
        whole = await whole_letter(session, database.vault, seen_by(CLERK), letter.id)
    assert [one.place for one in whole.attempts] == [1]
    assert whole.sha256 is not None
    assert len(whole.sha256) == 64
    assert whole.shown.may == (Action.SEND,)
    assert len(await letters(database)) == 1
