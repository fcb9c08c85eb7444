"""A letter that was changed behind the trail's back is named, with the row that says otherwise."""

from uuid import uuid4

import pytest
from sqlalchemy import delete, text

from services.notification.domain.states import Action
from services.notification.ports import Office
from services.notification.use_cases.comparing import compare, look_again
from services.notification.use_cases.desk import act
from services.notification.use_cases.erase import erase_words
from services.notification.use_cases.files import pdf_of
from services.notification.use_cases.send import send_due
from services.notification.use_cases.void import void_letters
from shared.trail.findings import Findings
from shared.trail.tables import AuditHeadRow, AuditRow
from shared.work import Database
from tests.conftest import StandingClock
from tests.notification.conftest import CLERK, PostBox, Sisters, closed, forwarded
from tests.notification.platform import letters, made


async def breaks(database: Database) -> list[tuple[str, str, int, str]]:
    """What differs: log, chain, row, and how."""
    found = Findings()
    await compare(database, found)
    return [(one["log"], one["chain"], one["seq"], one["why"]) for one in found.breaks]


async def by_hand(database: Database, change: str) -> None:
    """Somebody with the database changes something in it."""
    async with database.work() as work:
        await work.session.execute(text(change))


async def test_letters_are_what_their_chains_say_whatever_became_of_them(
    database: Database,
    office: Office,
    sisters: Sisters,
    post: PostBox,
    clock: StandingClock,
) -> None:
    sent, over, erased, held = (forwarded() for _ in range(4))
    await made(database, office, sent, over, erased)
    async with database.work() as work:
        await void_letters(work, [closed(over)])
    await send_due(database, office)
    async with database.work() as work:
        await act(work, office, CLERK, (await letters(database))[0].id, Action.SEND)
    clock.move(minutes=1)
    post.open = False
    await send_due(database, office)
    sisters.about(name="", email="")
    await made(database, office, held)
    async with database.work() as work:
        await erase_words(work, [erased.complaint_id])
    assert [one.state for one in await letters(database)] == ["sent", "void", "sent", "held"]
    assert await breaks(database) == []


CHANGES = {
    "UPDATE letters SET state = 'void'": 5,
    "UPDATE letters SET document_number = '消转〔2026〕2号'": 5,
    "UPDATE letters SET issued_on = '2026-06-01'": 1,
    "UPDATE letters SET reply_due = '2026-07-29'": 1,
    "UPDATE letters SET way = 'print'": 5,
    "UPDATE letters SET sent_at = '2026-06-22 04:00:00'": 5,
    "UPDATE attempts SET place = 2": 5,
    "DELETE FROM attempts": 5,
    "UPDATE letter_files SET sha256 = 'f00'": 4,
    "DELETE FROM letter_files": 4,
}
"""What somebody does to a letter that was sent, and the number of the row that says otherwise."""


@pytest.mark.parametrize("change", CHANGES)
async def test_what_is_changed_by_hand_is_named(
    database: Database, office: Office, change: str
) -> None:
    [letter] = await made(database, office, forwarded())
    await send_due(database, office)
    assert await breaks(database) == []
    await by_hand(database, change)
    assert await breaks(database) == [
        ("audit_log", f"letter:{letter.id}", CHANGES[change], "otherwise")
    ]


async def test_after_an_erasure_the_register_is_still_compared(
    database: Database, office: Office
) -> None:
    forwarding = forwarded()
    [letter] = await made(database, office, forwarding)
    await send_due(database, office)
    async with database.work() as work:
        await erase_words(work, [forwarding.complaint_id])
    assert await breaks(database) == []
    await by_hand(database, "UPDATE letters SET sent_at = '2026-06-22 04:00:00'")
    assert await breaks(database) == [("audit_log", f"letter:{letter.id}", 6, "otherwise")]


async def test_a_letter_of_before_the_trail_told_of_it_is_held_to_what_was_told_since(
    database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.about(email="")
    [letter] = await made(database, office, forwarded())
    await pdf_of(database, office, letter)
    async with database.work() as work:
        for table in (AuditRow, AuditHeadRow):
            await work.session.execute(delete(table))
    assert await breaks(database) == []
    async with database.work() as work:
        await act(work, office, CLERK, letter.id, Action.PRINTED)
    assert await breaks(database) == []
    await by_hand(database, "UPDATE letters SET state = 'to_print', way = NULL")
    assert await breaks(database) == [("audit_log", f"letter:{letter.id}", 1, "otherwise")]


async def test_more_letters_than_fit_in_one_page_are_all_compared(
    database: Database, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notification.use_cases.comparing.AT_ONCE", 2)
    found = await made(database, office, *(forwarded() for _ in range(5)))
    await by_hand(database, "UPDATE letters SET state = 'held' WHERE number = 5")
    assert await breaks(database) == [("audit_log", f"letter:{found[4].id}", 2, "otherwise")]
    assert (await letters(database))[0].state != "held"


async def test_a_letter_that_differed_while_it_was_changed_is_looked_at_again_and_not_named(
    database: Database, office: Office
) -> None:
    [letter] = await made(database, office, forwarded())
    found = Findings()
    for one in (letter.id, uuid4()):
        await look_again(database, one, found)
    assert found.breaks == []
    await by_hand(database, "UPDATE letters SET state = 'sent'")
    await look_again(database, letter.id, found)
    assert [one["chain"] for one in found.breaks] == [f"letter:{letter.id}"]
