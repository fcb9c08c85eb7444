"""Which cases somebody wants to see, as conditions along the indexes."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, tuple_

from services.mediation.domain.due import CLOSED_QUEUE
from services.mediation.tables import CaseLookupRow, CaseRow
from services.mediation.use_cases.allowing import ALL, Seen
from services.mediation.use_cases.scoping import in_one_go, walks
from services.mediation.use_cases.words import NAME, PHONE
from shared.text import normal_name, normal_number, phone_key
from shared.vault import Vault

SHORTEST_PHONE = 5
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
    due_before: date | None = None
    """Due before this day (not counted)."""
    q: str | None = None
    """A number, a phone, a full name, or words."""

    @cached_property
    def walks(self) -> list[Walk]:
        """What is to be walked, each on its own; what is searched is found in one go."""
        if self.q:
            return [in_one_go(self.seen, self.bodies)] if self.bodies else []
        return walks(self.seen, self.bodies)

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
    """A number, a phone or a full name, whatever it can be."""
    if number := normal_number(typed):
        return CaseRow.number == number
    return CaseRow.id.in_(known_by(vault, typed))


def known_by(vault: Vault, typed: str) -> Select[UUID]:
    """The cases that a blind index finds by a phone or a full name."""
    tokens = [(NAME, normal_name(typed))]
    phone = phone_key(typed)
    if len(phone) >= SHORTEST_PHONE and phone.lstrip("+").isdigit():
        tokens.append((PHONE, phone))
    entries = [
        (CaseLookupRow.kind == kind) & CaseLookupRow.token.in_(vault.blinds(kind, value))
        for kind, value in tokens
    ]
    return select(CaseLookupRow.case_id).where(or_(*entries))
