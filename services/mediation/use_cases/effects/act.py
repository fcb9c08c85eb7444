"""A step on a case before it is kept, and what comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.mediation.domain.calendar import Calendar
from services.mediation.domain.case import State
from services.mediation.domain.corrections import FieldNeededError
from services.mediation.domain.legal_clock import deadline
from services.mediation.domain.rule_pack import Pack
from services.mediation.tables import CaseRow
from services.mediation.use_cases.keeping import Actor
from shared.masks import Secrets

Clocks = dict[str, Any]


@dataclass(frozen=True)
class Stood:
    """What a record holds."""

    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """By JSON pointer."""
    secrets: Secrets = field(default=Secrets(), repr=False)
    """What of it is hidden in running text from who has not looked behind the mask."""
    guarded: bool = False
    """Whether codes that open letters go to the complainant's telephone or e-mail address."""


NOTHING_STOOD = Stood()


@dataclass(frozen=True)
class Act:
    """One step on one case, before it is kept."""

    case: CaseRow
    pack: Pack
    calendar: Calendar
    today: date
    actor: Actor
    facts: Mapping[str, Any]
    """What the person gave, already of the right types."""
    to: State
    stood: Stood = field(default=NOTHING_STOOD, kw_only=True)
    """What the record holds so far, for a step that corrects it."""

    def clock(self, name: str) -> dict[str, Any]:
        """The derivation of a clock of the pack that starts today."""
        return deadline(self.pack.clock(name).period, self.today, self.calendar).derivation()

    @property
    def clocks(self) -> Clocks:
        """A copy of the case's clocks."""
        return dict(self.case.clocks)

    def need(self, name: str, sentence: str) -> Any:
        """A fact that must be there. Raises FieldNeededError."""
        if not self.facts.get(name):
            raise FieldNeededError(sentence, pointer=f"/{name}")
        return self.facts[name]


@dataclass(frozen=True)
class Effect:
    """What a step changes and says."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    clocks: Clocks | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    """Public facts of the event: codes and days."""
    kept: Mapping[type[Any], Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """Rows of other tables."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Corrections of the record, by JSON pointer."""
    logged: Mapping[str, Any] | None = None
    """What the log keeps in place of what the person gave; None: just that."""
