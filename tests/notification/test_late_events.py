"""Events heard late, when dead letters are replayed: a case that is over sends nothing."""

import asyncio
from uuid import uuid4

import pytest

from services.notification.domain.states import Action
from services.notification.ports import Office
from services.notification.use_cases.desk import CaseOverError, act
from services.notification.use_cases.make import make_letters
from services.notification.use_cases.send import send_due
from services.notification.use_cases.void import void_letters
from shared.events import CaseClosed
from shared.work import Database
from tests.notification.conftest import CLERK, PostBox, closed, forwarded
from tests.notification.platform import letters, made, only, owe


async def end(database: Database, event: CaseClosed) -> None:
    async with database.work() as work:
        await void_letters(work, [event])


async def test_a_forwarding_heard_after_its_case_was_closed_sends_nothing(
    database: Database, office: Office, post: PostBox
) -> None:
    late = forwarded()
    await end(database, closed(late))
    await made(database, office, late)
    assert await send_due(database, office) == 0
    letter = await only(database)
    assert (letter.state, letter.reason, letter.due_at) == ("void", "case_over", None)
    assert letter.document_number == "消转〔2026〕1号"
    assert post.mails == []


async def test_a_case_taken_up_again_sends_its_next_letter(
    database: Database, office: Office, post: PostBox
) -> None:
    late = forwarded()
    next_one = late.model_copy(update={"id": uuid4(), "serial": 2, "version": 6})
    await end(database, closed(late, version=4))
    await made(database, office, late, next_one)
    assert await send_due(database, office) == 1
    assert [(one.serial, one.state) for one in await letters(database)] == [
        (1, "void"),
        (2, "sent"),
    ]
    assert len(post.mails) == 1


async def test_an_ending_heard_late_stops_no_letter_that_was_owed_after_it(
    database: Database, office: Office
) -> None:
    event = forwarded(version=6)
    await made(database, office, event)
    await end(database, closed(event, version=4))
    assert await send_due(database, office) == 1
    assert (await only(database)).state == "sent"


async def test_the_newest_ending_counts_in_whatever_order_they_are_heard(
    database: Database, office: Office
) -> None:
    event = forwarded(version=6)
    for version in (8, 4):
        await end(database, closed(event, version=version))
    await made(database, office, event)
    assert (await only(database)).state == "void"


async def test_a_forwarding_and_an_ending_heard_at_the_same_moment_send_nothing(
    database: Database, office: Office
) -> None:
    cases = [forwarded() for _ in range(12)]
    await asyncio.gather(
        *(owe(database, office, [one]) for one in cases),
        *(end(database, closed(one)) for one in reversed(cases)),
    )
    assert [one.state for one in await letters(database)] == ["void"] * 12


@pytest.mark.parametrize(("sent_before", "action"), [(False, Action.MAKE), (True, Action.SEND)])
async def test_a_letter_of_a_withdrawn_case_is_not_made_or_sent_again(
    database: Database, office: Office, post: PostBox, action: Action, *, sent_before: bool
) -> None:
    event = forwarded()
    [letter] = await made(database, office, event)
    if sent_before:
        await send_due(database, office)
    await end(database, closed(event))
    refusal = "这份函件之后案件已经撤回或者结案"
    with pytest.raises(CaseOverError, match=refusal):
        async with database.work() as work:
            await act(work, office, CLERK, letter.id, action)
    assert (await make_letters(database, office), await send_due(database, office)) == (0, 0)
    assert (await only(database)).state == ("sent" if sent_before else "void")
    assert len(post.mails) == int(sent_before)
