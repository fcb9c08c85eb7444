"""What the services say of invented complaints, as Hypothesis strategies and as plain lists."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from shared import events as said
from shared.events import Event, encode
from shared.ids import uuid7_at
from shared.kernel import ComplaintId

MORNING = datetime(2026, 6, 1, 1, tzinfo=UTC)
"""09:00 in Shanghai on Monday, 1 June 2026."""


def complaint_id(number: int) -> ComplaintId:
    """The id of the n-th complaint."""
    return ComplaintId(uuid7_at(1_780_000_000_000 + number, number))


def letter_id(number: int) -> UUID:
    """The id of the n-th letter."""
    return uuid7_at(1_790_000_000_000 + number, number)


class Story:
    """The events of one complaint, each with the next version of its service."""

    def __init__(self, number: int, began: datetime = MORNING, body: str = "main") -> None:
        self.complaint_id = complaint_id(number)
        self.number = number
        self.now = began
        self.body = body
        self.events: list[Event] = []
        self._letters = 0
        self._versions: dict[str, int] = {}

    @property
    def bodies(self) -> list[bytes]:
        """The events as they are on the wire."""
        return [encode(event) for event in self.events]

    @property
    def today(self) -> date:
        """The legal day of the story's present."""
        return (self.now + timedelta(hours=8)).date()

    def says(self, event: type[Event], **facts: Any) -> "Story":
        """Add one event, stated now."""
        source = event.TYPE.partition(".")[0]
        version = self._versions[source] = self._versions.get(source, 0) + 1
        stated = {"complaint_id": self.complaint_id, "occurred_at": self.now, "version": version}
        self.events.append(event(**(stated | facts)))
        return self

    def days_later(self, days: int) -> "Story":
        """Let days go by."""
        self.now += timedelta(days=days)
        return self

    def received(self, **facts: Any) -> "Story":
        usual = {
            "number": f"260601-{self.number:09}", "body": self.body, "demo": self.body == "demo",
            "kind": "complaint", "channel": "web", "received_at": self.now,
            "category": "goods_daily", "respondent_known": True,
        }  # fmt: skip
        return self.says(said.ComplaintReceived, **(usual | facts))

    def removed(self) -> "Story":
        return self.says(said.ComplaintRemoved)

    def case(self, event: type[Event], state: str, **facts: Any) -> "Story":
        usual = {"case_id": self.complaint_id, "body": self.body, "state": state}
        return self.says(event, **(usual | facts))

    def opened(self, **facts: Any) -> "Story":
        return self.case(said.CaseOpened, "registered", **facts)

    def assigned(self, unit: UUID | None, assignee: UUID | None = None) -> "Story":
        return self.case(said.CaseAssigned, "registered", unit=unit, assignee=assignee)

    def accepted(self, **facts: Any) -> "Story":
        forward = self.today + timedelta(days=5)
        usual = {
            "accepted_on": self.today, "forward_due": forward, "due_on": forward,
            "due_for": "forward", "mediate_due": self.today + timedelta(days=30),
        }  # fmt: skip
        return self.case(said.CaseAccepted, "accepted", **(usual | facts))

    def refused(self, reason: str = "not_consumer") -> "Story":
        return self.case(said.CaseRefused, "closed", reason=reason)

    def forwarded(self, serial: int = 1) -> "Story":
        due = self.today + timedelta(days=5)
        facts = {"serial": serial, "forwarded_on": self.today, "reply_due": due, "due_on": due}
        return self.case(said.CaseForwarded, "forwarded", due_for="reply", **facts)

    def replied(self, *, in_time: bool = True) -> "Story":
        return self.case(
            said.ReplyRecorded, "replied", replied_on=self.today, in_time=in_time
        )  # fmt: skip

    def agreed(self) -> "Story":
        return self.case(said.CaseAgreed, "agreed", recovered_fen=12_900)

    def failed(self, reason: str = "no_agreement") -> "Story":
        return self.case(said.CaseFailed, "failed", reason=reason)

    def withdrawn(self) -> "Story":
        return self.case(said.CaseWithdrawn, "withdrawn")

    def closed(self, outcome: str = "agreed", recovered_fen: int | None = None) -> "Story":
        facts = {"outcome": outcome, "closed_on": self.today, "recovered_fen": recovered_fen}
        return self.case(said.CaseClosed, "closed", **facts)

    def reopened(self) -> "Story":
        return self.case(said.CaseReopened, "accepted")

    def letter(self, event: type[Event], number: int = 1, **facts: Any) -> "Story":
        of = {"letter_id": letter_id(self.number * 10 + number), "case_id": self.complaint_id}
        return self.says(event, kind="forwarding", **(of | facts))

    def letter_prepared(self, number: int = 1) -> "Story":
        facts = {"document_number": f"消转〔2026〕{self.number}号", "prepared_on": self.today}
        return self.letter(said.LetterPrepared, number, **facts)

    def letter_sent(self, number: int = 1, way: str = "email") -> "Story":
        return self.letter(said.LetterSent, number, way=way, attempts=1)

    def letter_failed(self, number: int = 1) -> "Story":
        return self.letter(said.LetterFailed, number, reason="unreachable", attempts=5)


STEPS = (
    "opened", "accepted", "refused", "forwarded", "replied", "agreed", "failed", "withdrawn",
    "closed", "reopened", "letter_prepared", "letter_sent", "letter_failed", "removed",
)  # fmt: skip
"""What may be said of a complaint besides that it was received; in any order, to ask much of us."""


@st.composite
def stories(draw: st.DrawFn, number: int = 1) -> Story:
    """One complaint of which anything may be said, in any order of steps."""
    story = Story(number, body=draw(st.sampled_from(["main", "demo"])))
    story.received(channel=draw(st.sampled_from(["web", "phone", "letter"])))
    for step in draw(st.lists(st.sampled_from(STEPS), max_size=12)):
        getattr(story.days_later(draw(st.integers(0, 20))), step)()
    return story


@st.composite
def shuffled(draw: st.DrawFn, events: Sequence[Any]) -> list[Any]:
    """The same events in any order, some of them more than once."""
    again = draw(st.lists(st.sampled_from(list(events)), max_size=6))
    return list(draw(st.permutations([*events, *again])))
