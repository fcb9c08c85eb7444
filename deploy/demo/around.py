"""What stories are turned into rows with, and where the rows are gathered."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from deploy.demo.said import Said
from services.mediation.domain.calendar import Calendar
from services.mediation.domain.legal_clock import deadline
from services.mediation.domain.rule_pack import Pack
from services.mediation.use_cases import opening
from services.mediation.use_cases.keeping import SYSTEM, Actor
from shared.bodies import Bodies
from shared.vault import Vault

Rows = dict[type[Any], list[dict[str, Any]]]


@dataclass
class Gathering:
    """What a story leaves in the books of mediation, and what is said of it."""

    rows: Rows = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)

    def keep(self, table: type[Any], *rows: dict[str, Any]) -> None:
        self.rows.setdefault(table, []).extend(rows)


@dataclass(frozen=True)
class Around:
    """What stories are turned into rows with."""

    vault: Vault
    calendar: Calendar
    bodies: Bodies
    mediator: UUID | None
    """The demonstration body's mediator, who takes the steps."""
    starts: dict[date, dict[str, Any]] = field(default_factory=dict)
    clocks: dict[tuple[str, int, str, date], dict[str, Any]] = field(default_factory=dict)

    def beginning(self, day: date) -> dict[str, Any]:
        """What all cases received on one day begin with."""
        if day not in self.starts:
            self.starts[day] = opening.beginning(day, self.calendar)
        return self.starts[day]

    def clock(self, pack: Pack, name: str, day: date) -> dict[str, Any]:
        """The derivation of a clock that starts on a day."""
        key = (pack.id, pack.version, name, day)
        if key not in self.clocks:
            period = pack.clock(name).period
            self.clocks[key] = deadline(period, day, self.calendar).derivation()
        return self.clocks[key]

    def bare(self) -> "Around":
        """The same without anything opened or remembered, to be sent to another process."""
        return Around(self.vault, self.calendar, self.bodies, self.mediator)

    @property
    def actor(self) -> Actor:
        return Actor("staff", self.mediator, "mediator") if self.mediator else SYSTEM
