"""The working-day calendar of this installation, and each state it was in."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.mediation.tables.base import Base


class CalendarDayRow(Base, kw_only=True):
    """A day that an announcement names (or the law, while the announcement is not out)."""

    __tablename__ = "calendar_days"
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    festival: Mapped[str]
    source: Mapped[str]
    confirmed: Mapped[bool]


class CalendarVersionRow(Base, kw_only=True):
    """Each state the calendar was in, by its name."""

    __tablename__ = "calendar_versions"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[str]
    recorded_at: Mapped[datetime]
