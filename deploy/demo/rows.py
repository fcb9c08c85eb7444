"""A story as rows and events, ready to be kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.demo.around import Around, Rows
from deploy.demo.cases import Teller, case_of
from deploy.demo.identity import Identity, Telling
from deploy.demo.received import complaint_of, received, row_of
from deploy.demo.said import Said
from deploy.demo.stories import Story
from services.intake.use_cases.reporters import reporter_row
from services.mediation.tables import (
    CaseLogRow,
    CaseLookupRow,
    CaseRow,
    CaseWordsRow,
    ForwardingRow,
    SearchTextRow,
)
from shared.events import CaseAssigned, CaseForwarded


@dataclass
class Told:
    """One story as rows and events: the complaint, and its case."""

    identity: Identity
    complaint: dict[str, Any]
    reporter: dict[str, Any] | None
    """Who reported, kept apart; None where it is no report."""
    document: Mapping[str, Any]
    rows: Rows
    """Of mediation."""
    said: list[Said]
    """By intake first, then by mediation."""

    @property
    def forwarded(self) -> list[Said]:
        """The forwardings that need letters."""
        return [one for one in self.said if one.kind is CaseForwarded]

    @property
    def place(self) -> dict[str, Any]:
        """Where the case lies in the end, as sisters keep it; version None: nobody said so."""
        assigned = [one for one in self.said if one.kind is CaseAssigned]
        if not assigned:
            return {"unit": None, "assignee": None, "version": None}
        last = max(assigned, key=lambda one: one.version)
        named = {name: last.facts.get(name) for name in ("unit", "assignee")}
        return {**named, "version": last.version}


def told(story: Story, telling: Telling, around: Around) -> Told:
    """Everything intake and mediation keep of a story, and what they say."""
    identity = Identity(around.vault, telling, story.index)
    row = row_of(story, telling, identity, around.vault)
    apart = reporter_row(complaint_of(story), row["id"], around.vault, row["registered_at"])
    heard = received(row, identity, story)
    case = case_of(heard, story, Teller(identity, around))
    return Told(identity, row, apart, story.complaint, case.rows, [heard, *case.said])


TABLES = (CaseRow, CaseLogRow, CaseWordsRow, CaseLookupRow, SearchTextRow, ForwardingRow)
"""Mediation's tables, in the order they are filled."""
