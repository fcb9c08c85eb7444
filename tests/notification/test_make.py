"""Letters are made from what the sisters know, or held for a person with what is lacking named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notification.ports import Office
from services.notification.tables import LetterFileRow
from services.notification.use_cases.erase import erase_words
from services.notification.use_cases.files import NotMadeYetError, letter_of, pdf_of
from services.notification.use_cases.make import make_letters
from services.notification.use_cases.read import opened
from services.notification.use_cases.resuming import amended, owe_again
from shared.events import LetterFailed, LetterPrepared
from shared.net import Unanswered
from shared.work import Database
from tests.conftest import StandingClock
from tests.notification.conftest import WORDS, PostBox, Sisters, forwarded
from tests.notification.platform import letters, made, only, owe, said


async def test_a_letter_with_an_address_is_to_be_sent(
    database: Database, office: Office, clock: StandingClock
) -> None:
    event = forwarded()
    [letter] = await made(database, office, event)
    assert (letter.state, letter.reason, letter.lacking) == ("sending", None, None)
    assert letter.due_at == clock.now
    assert letter.made_at == clock.now
    assert letter.case_number == "260618-7QK3M9XWD"
    [prepared] = await said(database)
    assert isinstance(prepared, LetterPrepared)
    assert prepared.document_number == "消转〔2026〕1号"
    assert prepared.complaint_id == event.complaint_id
    assert prepared.version == 1


async def test_the_facts_lie_sealed(database: Database, office: Office) -> None:
    [letter] = await made(database, office, forwarded())
    assert letter.facts is not None
    assert "张小满".encode() not in letter.facts.blob
    facts = opened(database.vault, letter).facts
    assert facts is not None
    assert facts.complainant == "张小满"
    assert facts.respondent.email == "shop@example.invalid"
    assert facts.sender.name == "安澜市消费者权益保护委员会"


async def test_many_letters_are_made_with_one_question_to_each_sister(
    database: Database, office: Office, sisters: Sisters
) -> None:
    await made(database, office, *(forwarded() for _ in range(120)))
    assert sisters.asked == [100, 20]
    assert {one.state for one in await letters(database)} == {"sending"}
    assert len(await said(database)) == 120


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("", "no_address"),
        ("没有", "bad_address"),
        ("a@b.cn, c@d.cn", "bad_address"),
        ("shop@example.invalid\nBcc: all@example.invalid", "bad_address"),
    ],
)
async def test_without_a_usable_address_a_letter_is_to_print(
    database: Database, office: Office, sisters: Sisters, email: str, reason: str
) -> None:
    sisters.about(email=email)
    [letter] = await made(database, office, forwarded())
    assert (letter.state, letter.reason) == ("to_print", reason)
    assert letter.made_at is not None
    assert [type(event) for event in await said(database)] == [LetterPrepared]


async def test_without_a_mail_server_a_letter_waits(
    database: Database, office: Office, post: PostBox
) -> None:
    post.open = False
    [letter] = await made(database, office, forwarded())
    assert (letter.state, letter.reason, letter.due_at) == ("waiting", None, None)


async def test_demonstration_letters_are_never_sent(database: Database, office: Office) -> None:
    [letter] = await made(database, office, forwarded(body="demo"))
    assert letter.demo
    assert letter.state == "waiting"


async def test_a_letter_without_a_respondent_is_held_and_goes_on_once_one_is_named(
    database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.about(name="")
    event = forwarded()
    [held] = await made(database, office, event)
    assert (held.state, held.reason, held.lacking) == ("held", "missing", ["被投诉人名称"])
    assert held.made_at is None
    [failed] = await said(database)
    assert isinstance(failed, LetterFailed)
    assert (failed.reason, failed.attempts) == ("missing", 0)

    sisters.about(name="安澜迅修手机维修店")
    async with database.work() as work:
        await amended(work, [event.complaint_id])
    while await make_letters(database, office):
        pass
    going = await only(database)
    assert (going.state, going.reason, going.lacking) == ("sending", None, None)
    assert going.number == 1
    assert [event.version for event in await said(database)] == [1, 2]


async def test_a_character_no_font_has_holds_the_letter_and_is_named(
    database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.words_of_all = replace(WORDS, complainant="𠮷\ue000野")
    [letter] = await made(database, office, forwarded())
    assert (letter.state, letter.reason) == ("held", "glyphs")
    assert letter.lacking == ["𠮷", "\ue000"]


async def test_a_picture_in_the_text_does_not_hold_a_letter(
    database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.words_of_all = replace(WORDS, text="太气人了😡！")
    [letter] = await made(database, office, forwarded())
    assert letter.state == "sending"
    words = letter_of(database.vault, office, letter).words()
    assert "太气人了〔图〕！" in words


async def test_without_a_phone_a_person_fills_in_the_line(
    database: Database, office: Office
) -> None:
    nowhere = replace(office, bodies=type(office.bodies)())
    [letter] = await made(database, nowhere, forwarded())
    assert (letter.state, letter.reason, letter.lacking) == ("to_print", "to_fill_in", ["联系电话"])


async def test_on_the_reply_date_a_letter_goes_to_a_person(
    database: Database, office: Office, clock: StandingClock, post: PostBox
) -> None:
    clock.now = datetime(2026, 6, 28, 16, 0, tzinfo=UTC)
    [letter] = await made(database, office, forwarded())
    assert (letter.state, letter.reason) == ("failed", "late")
    assert [event.TYPE for event in await said(database)] == [
        LetterPrepared.TYPE,
        LetterFailed.TYPE,
    ]
    assert post.mails == []


async def test_a_sister_that_is_away_leaves_the_letter_owed(
    database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.away = Unanswered("nobody there")
    await owe(database, office, [forwarded()])
    with pytest.raises(Unanswered):
        await make_letters(database, office)
    assert (await only(database)).state == "owed"
    sisters.away = None
    assert await make_letters(database, office) == 1
    assert (await only(database)).state == "sending"


async def test_a_letter_that_cannot_be_made_keeps_nobody_else_waiting(
    database: Database, office: Office, sisters: Sisters
) -> None:
    events = [forwarded() for _ in range(3)]
    sisters.odd[events[1].complaint_id] = replace(WORDS, happened_on="the day before")
    await made(database, office, *events)
    states = [(one.state, one.reason) for one in await letters(database)]
    assert states == [("sending", None), ("held", "unmade"), ("sending", None)]
    assert [event.TYPE for event in await said(database)].count(LetterFailed.TYPE) == 1


async def test_a_case_a_sister_does_not_know_yet_is_asked_for_again_soon_then_ever_later(
    database: Database, office: Office, sisters: Sisters, clock: StandingClock
) -> None:
    kept, sisters.case = sisters.case, None
    [letter] = await made(database, office, forwarded())
    assert (letter.state, letter.reason) == ("owed", "unknown")
    for seconds in (1, 2, 4, 8, 16, 32, 60, 60):
        assert (await only(database)).due_at == clock.now + timedelta(seconds=seconds)
        assert await make_letters(database, office) == 0
        clock.move(seconds=seconds)
        assert await make_letters(database, office) == 1
    sisters.case = kept
    clock.move(minutes=1)
    assert await make_letters(database, office) == 1
    letter = await only(database)
    assert (letter.state, letter.tries) == ("sending", 0)


async def test_the_pdf_is_made_once_and_stays_as_it_was(database: Database, office: Office) -> None:
    [letter] = await made(database, office, forwarded())
    first = await pdf_of(database, office, letter)
    renamed = replace(office, address="http://elsewhere")
    assert await pdf_of(database, renamed, letter) == first
    async with database.reading() as session:
        kept = await session.get_one(LetterFileRow, letter.id)
    assert kept.body.blob[:4] != b"%PDF"
    assert first[:4] == b"%PDF"


async def test_a_letter_that_lacks_something_has_no_pdf(
    database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.about(name="")
    [letter] = await made(database, office, forwarded())
    with pytest.raises(NotMadeYetError):
        await pdf_of(database, office, letter)
    async with database.reading() as session:
        assert await session.get(LetterFileRow, letter.id) is None


async def test_a_pdf_of_what_a_letter_said_before_is_not_kept(
    database: Database, office: Office, sisters: Sisters
) -> None:
    [before] = await made(database, office, forwarded())
    sisters.about(name="改名后的店")
    async with database.work() as work:
        owe_again(work, await work.session.get_one(type(before), before.id))
    while await make_letters(database, office):
        pass
    await pdf_of(database, office, before)
    async with database.reading() as session:
        assert await session.get(LetterFileRow, before.id) is None
    await pdf_of(database, office, await only(database))
    async with database.reading() as session:
        assert await session.get(LetterFileRow, before.id) is not None


async def test_erasure_empties_every_copy_and_keeps_the_number(
    database: Database, office: Office
) -> None:
    event = forwarded()
    [letter] = await made(database, office, event)
    await pdf_of(database, office, letter)
    async with database.work() as work:
        await erase_words(work, [event.complaint_id])
    erased = await only(database)
    assert (erased.state, erased.reason, erased.facts) == ("held", "erased", None)
    assert erased.document_number == "消转〔2026〕1号"
    async with database.reading() as session:
        assert await session.get(LetterFileRow, letter.id) is None
    with pytest.raises(NotMadeYetError):
        await pdf_of(database, office, erased)
