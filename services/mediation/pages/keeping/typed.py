"""What was typed or ticked on the page of keeping, as values."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from uuid import UUID

from services.mediation.domain.keeping.retention import WrongPeriodError
from services.mediation.use_cases.privacy.errors import WrongDayError


def ids_in(typed: Iterable[object]) -> list[UUID]:
    """The ids that were ticked; what is none was not on the page."""
    found = []
    for one in typed:
        with suppress(ValueError):
            found.append(UUID(str(one)))
    return found


def day_in(text: str | None) -> date | None:
    """Raises WrongDayError."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongDayError("日期要写成 2026-01-31 的样子。", pointer="/until") from None


def months_in(text: str | None, *, for_ever: bool) -> int | None:
    """Months, or for ever (None): one of them was said, and clearly. Raises WrongPeriodError."""
    if for_ever and text:
        raise WrongPeriodError("月数和永久只能选一样。", pointer="/months")
    if for_ever:
        return None
    if not text:
        raise WrongPeriodError("请写月数，或者选永久保存。", pointer="/months")
    if not (text.isascii() and text.isdigit()):
        raise WrongPeriodError("保存期限要写成月数，例如120。", pointer="/months")
    return int(text[:6])
