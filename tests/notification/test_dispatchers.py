"""Several processes hand letters over at once, and people press buttons meanwhile."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest

from services.notification.domain.states import Action, Reason
from services.notification.domain.way import Outcome
from services.notification.ports import CaseFacts, Forwarding, Mail, Office
from services.notification.use_cases import send
from services.notification.use_cases.attempts import LEASE
from services.notification.use_cases.desk import UnderWayError, act
from services.notification.use_cases.make import make_letters
from services.notification.use_cases.send import send_due
from shared.work import Database
from tests.conftest import StandingClock
from tests.notification.conftest import CLERK, PostBox, Sisters, forwarded
from tests.notification.platform import attempts, letters, made, only, owe


@dataclass
class SlowPost(PostBox):
    """A post that takes its time: until it is told to go on."""

    busy: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, mail: Mail) -> Outcome:
        self.busy.set()
        await self.go_on.wait()
        return await super().send(mail)


async def press_send(database: Database, office: Office, letter: UUID) -> None:
    async with database.work() as work:
        await act(work, office, CLERK, letter, Action.SEND)


async def test_many_dispatchers_hand_each_letter_over_once(
    database: Database, office: Office, post: PostBox
) -> None:
    await made(database, office, *(forwarded() for _ in range(24)))

    async def dispatch() -> None:
        while await send_due(database, office):
            pass

    await asyncio.gather(*(dispatch() for _ in range(4)))
    assert len(post.mails) == 24
    assert set(Counter(mail.message_id for mail in post.mails).values()) == {1}
    assert [one.reason for one in await attempts(database)] == [None] * 24


@pytest.mark.parametrize("outcome", [Outcome(detail="250"), Outcome(Reason.DEFERRED, "451")])
async def test_sending_again_is_refused_while_the_letter_is_being_handed_over(
    database: Database, office: Office, outcome: Outcome
) -> None:
    slow = SlowPost(outcomes=[outcome])
    theirs = replace(office, mailer=slow)
    [letter] = await made(database, office, forwarded())
    first = asyncio.create_task(send_due(database, theirs))
    await slow.busy.wait()
    with pytest.raises(UnderWayError):
        await press_send(database, office, letter.id)
    assert await send_due(database, office) == 0
    slow.go_on.set()
    assert await first == 1
    [attempt] = await attempts(database)
    after = await only(database)
    assert (attempt.reason, after.reason, after.round) == (outcome.reason, outcome.reason, 1)
    assert after.state == ("sending" if outcome.reason else "sent")
    await press_send(database, office, letter.id)
    assert await send_due(database, office) == 1
    assert (await only(database)).state == "sent"


async def test_whose_lease_ran_out_sends_nothing_more_and_spoils_nothing(
    database: Database, office: Office, post: PostBox, clock: StandingClock
) -> None:
    slow = SlowPost(outcomes=[Outcome(Reason.DEFERRED, "451")])
    await made(database, office, forwarded(), forwarded())
    first = asyncio.create_task(send_due(database, replace(office, mailer=slow)))
    await slow.busy.wait()
    clock.move(seconds=LEASE.total_seconds())
    post.outcomes = [Outcome(Reason.REFUSED, "554"), Outcome(Reason.DEFERRED, "451")]
    assert await send_due(database, office) == 2
    before = await letters(database)
    clock.move(seconds=30)
    slow.go_on.set()
    await first
    assert (len(slow.mails), len(post.mails)) == (1, 2)
    after = await letters(database)
    assert [(one.state, one.due_at) for one in after] == [(one.state, one.due_at) for one in before]
    assert sorted(one.state for one in after) == ["failed", "sending"]


async def test_handing_over_that_takes_for_ever_ends_and_is_tried_again(
    database: Database, office: Office, monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    monkeypatch.setattr(send, "LONGEST", clock.now - clock.now)
    await made(database, office, forwarded())
    assert await send_due(database, replace(office, mailer=SlowPost())) == 1
    after = await only(database)
    assert (after.state, after.reason) == ("sending", "interrupted")


async def test_a_letter_made_by_a_neighbour_is_not_held_by_who_could_not_make_it(
    database: Database, office: Office, sisters: Sisters
) -> None:
    await owe(database, office, [forwarded()])

    @dataclass
    class Broken(Sisters):
        """A sister that answers nonsense, after the neighbour was quicker."""

        async def of(self, forwardings: Sequence[Forwarding]) -> Mapping[Forwarding, CaseFacts]:
            await make_letters(database, office)
            await send_due(database, office)
            raise ValueError("nonsense")

    await make_letters(database, replace(office, cases=Broken()))
    assert (await only(database)).state == "sent"
