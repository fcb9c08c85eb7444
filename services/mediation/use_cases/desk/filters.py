"""Which cases somebody wants to see, as conditions along the indexes."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, tuple_

from services.mediation.domain.due import CLOSED_QUEUE
from services.mediation.tables import CaseRow
from services.mediation.use_cases.allowing import ALL, Seen
from services.mediation.use_cases.lookups import known_by
from services.mediation.use_cases.scoping import Units, in_one_go, walks
from shared.text import normal_number
from shared.vault import Vault

Bodies = tuple[str, ...]
Walk = ColumnElement[bool]
"""Which cases one walk along an index is to find."""


@dataclass(frozen=True)
class Filters:
    """Which cases to list. Nothing said: all open ones."""

    bodies: Bodies
    """The bodies of which the person may see something, or the one they chose."""
    seen: Seen = ALL
    """What of them they may see."""
    state: str | None = None
    """A state, `open` or `all`; nothing: open, and all where something is searched."""
    channel: str | None = None
    kind: str | None = None
    assignee: UUID | None = None
    unit: UUID | None = None
    """A unit: its cases and those of all units below it; one that is unknown has none."""
    due_before: date | None = None
    """Due before this day (not counted)."""
    q: str | None = None
    """A number, a phone, an ID number, a full name, or words."""

    @cached_property
    def units(self) -> Units:
        """The units whose cases alone are wanted."""
        return self.seen.tree.below(self.unit) if self.unit else None

    @property
    def anywhere(self) -> ColumnElement[bool]:
        """All that may be seen of what is wanted by place, as one condition."""
        return in_one_go(self.seen, self.bodies, self.units)

    @cached_property
    def walks(self) -> list[Walk]:
        """What is to be walked, each on its own; what is searched is found in one go."""
        if self.q:
            return [self.anywhere] if self.bodies else []
        return walks(self.seen, self.bodies, self.units)

    @property
    def unindexed(self) -> dict[str, str]:
        """The filters that no index knows, by column."""
        wanted = {"channel": self.channel, "kind": self.kind}
        return {name: value for name, value in wanted.items() if value is not None}


Place = tuple[date, UUID]
"""Where a row stands: its day and its id."""


def narrowed(of: Any, filters: Filters) -> list[ColumnElement[bool]]:
    """The filters that no index knows, on these columns."""
    return [of[name] == value for name, value in filters.unindexed.items()]


def conditions(
    vault: Vault, filters: Filters, walk: Walk, after: Place | None = None
) -> list[ColumnElement[bool]]:
    """The filters that indexes know, as conditions on the cases of one walk."""
    found: list[ColumnElement[bool]] = [walk]
    state = filters.state or ("all" if filters.q else "open")
    if state == "open":
        found.append(CaseRow.queue_on < CLOSED_QUEUE)
    elif state != "all":
        found.append(CaseRow.state == state)
    if filters.due_before:
        found.append(CaseRow.queue_on < filters.due_before)
    if filters.assignee:
        found.append(CaseRow.assignee == filters.assignee)
    if filters.q:
        found.append(search(vault, filters.q))
    if after:
        found.append(tuple_(CaseRow.queue_on, CaseRow.id) > tuple_(*after))
    return found


def search(vault: Vault, typed: str) -> ColumnElement[bool]:
    """A number, a phone, an ID number or a full name, whatever it can be."""
    if number := normal_number(typed):
        return CaseRow.number == number
    return CaseRow.id.in_(known_by(vault, typed))
