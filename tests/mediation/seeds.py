"""The shipped calendar and packs, read straight from their files."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from services import mediation
from services.mediation.domain.calendar import Calendar, CalendarDay, DayKind, calendar_of
from services.mediation.domain.pack_file import pack_of
from services.mediation.domain.rule_pack import Pack

HOME = Path(mediation.__file__).parent


@cache
def shipped_calendar() -> Calendar:
    days = []
    for file in sorted((HOME / "calendar").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            days += [
                CalendarDay(
                    date.fromisoformat(row["date"]),
                    DayKind(row["kind"]),
                    row["festival"],
                    row["source"],
                    row["confirmed"] == "yes",
                )
                for row in csv.DictReader(lines)
            ]
    return calendar_of(days)


@cache
def association() -> Pack:
    return pack_of(yaml.safe_load((HOME / "packs" / "association.yaml").read_text("utf-8")))
