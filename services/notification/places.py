"""Where a page of letters begins, as routes and pages are told it."""

from datetime import date
from uuid import UUID

from services.notification.use_cases.read import Place, Wanted
from shared.web.paging import encode_cursor, read_cursor


def place_in(cursor: str | None, wanted: Wanted) -> Place | None:
    """What a cursor of such a list names. Raises UnreadableCursorError."""
    if wanted.urgent_first:
        return read_cursor(cursor, 2, dated)
    return read_cursor(cursor, 1, lambda letter: Place(UUID(letter)))


def dated(day: str, letter: str) -> Place:
    """Raises ValueError."""
    return Place(UUID(letter), date.fromisoformat(day))


def cursor_of(place: Place | None) -> str | None:
    """The cursor of where a page ended, for the next one."""
    if place is None:
        return None
    day = [place.reply_due.isoformat()] if place.reply_due else []
    return encode_cursor([*day, str(place.letter)])
