"""What a list may be narrowed to, and where its next page begins."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.mediation.domain.case import State
from services.mediation.use_cases import desk
from services.mediation.use_cases.allowing import Seen
from services.mediation.use_cases.finding import On
from services.mediation.use_cases.labels import STATES
from shared.bodies import Bodies
from shared.kernel import RuleError
from shared.terms import Channel, Kind, Term, spelled_out
from shared.text import clean
from shared.web.paging import encode_cursor, read_cursor


class UnknownCodeError(RuleError):
    """A channel or kind that is on no list."""


class UnknownStateError(RuleError):
    """A state that no case can have."""


@dataclass(frozen=True)
class Listing:
    """What a list may be narrowed to; the query of the desk, its ledger and the API."""

    bodies: tuple[str, ...]

    def within(self, seen: Seen, chosen: str | None) -> tuple[str, ...]:
        """The bodies of which a person may see something, narrowed to the one they chose."""
        touched = tuple(one for one in self.bodies if seen.reach.touches(one))
        return tuple(one for one in touched if one == chosen) if chosen else touched


def listing_of(bodies: Bodies) -> Listing:
    """Everything this installation lists."""
    return Listing(tuple(body.code for body in bodies.known))


class CaseQuery(BaseModel):
    """The filters of a list. Pages overlook what they do not know; the API refuses it."""

    model_config = ConfigDict(extra="ignore")

    state: str | None = Field(
        default=None,
        description=f"State (案件状态): {spelled_out(STATES)}; or `open` 在办; `all` 全部.",
    )
    due_before: date | None = Field(default=None, description="Due before this day.")
    q: str | None = Field(
        default=None,
        max_length=100,
        description="A number, a phone, an ID number, a full name; or words of the complaint, each "
        "of two characters or more: all of them must stand in it, and the newest come first.",
    )
    body: str | None = Field(default=None, max_length=40)
    channel: str | None = Field(
        default=None, max_length=40, description="Channel (渠道): " + Channel.described()
    )
    kind: str | None = Field(
        default=None, max_length=40, description="Kind (事项性质): " + Kind.described()
    )
    assignee: UUID | None = None
    unit: UUID | None = Field(
        default=None, description="A unit (部门): its cases and those of all units below it."
    )
    cursor: str | None = Field(default=None, max_length=300)
    limit: int = Field(default=desk.PAGE, ge=1, le=200)

    def filters(self, listing: Listing, seen: Seen) -> desk.Filters:
        """The same as the desk understands it. Raises UnknownStateError, UnknownCodeError."""
        if self.state and self.state not in {"open", "all", *(one.value for one in State)}:
            known_states = ", ".join(["open", "all", *State])
            raise UnknownStateError(
                "没有这种状态，可以写：{known}。", pointer="/query/state", known=known_states
            )
        return desk.Filters(
            bodies=listing.within(seen, self.body or None),
            seen=seen,
            state=self.state or None,
            channel=known("channel", Channel, self.channel),
            kind=known("kind", Kind, self.kind),
            assignee=self.assignee,
            unit=self.unit,
            due_before=self.due_before,
            q=clean(self.q or "") or None,
        )

    def after(self) -> On | None:
        """Where the page begins. Raises UnreadableCursorError."""
        return read_cursor(self.cursor, 2, place_of)


def place_of(day: str, case: str) -> On:
    """A place on the desk, or among hits. Raises ValueError."""
    return int(case) if day == FOUND else (date.fromisoformat(day), UUID(case))


def known(name: str, terms: type[Term], code: str | None) -> str | None:
    """A code of the query, if it is one. Raises UnknownCodeError."""
    if not code:
        return None
    if code not in {one.value for one in terms}:
        raise UnknownCodeError(
            "没有这个代码，可以写：{known}。", pointer=f"/query/{name}", known=", ".join(terms)
        )
    return code


FOUND = "found"
"""What stands in the cursor of a page of hits instead of a day."""


def cursor_of(on: On | None) -> str | None:
    """The cursor of where a page ended, for the next one."""
    match on:
        case None:
            return None
        case int():
            return encode_cursor([FOUND, str(on)])
        case day, case_id:
            return encode_cursor([day.isoformat(), str(case_id)])
