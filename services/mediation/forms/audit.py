"""What an auditor's list is asked for, and where its next page begins."""

from uuid import UUID

from pydantic import Field

from services.mediation.use_cases.trail.asking import PAGE, AuditFilters, AuditQuery
from services.mediation.use_cases.trail.listing import Listed
from shared.web.paging import encode_cursor, read_cursor


class AuditAsked(AuditFilters):
    """The filters of the trail, and where its page begins."""

    cursor: str | None = Field(default=None, max_length=300)
    limit: int = Field(default=PAGE, ge=1, le=200)

    def query(self) -> AuditQuery:
        """The same as the trail understands it. Raises UnreadableCursorError."""
        filters = self.model_dump(exclude={"cursor"})
        return AuditQuery(**filters, before=read_cursor(self.cursor, 1, UUID))


def cursor_of_trail(listed: Listed) -> str | None:
    """The cursor of where a page ended, for the next one."""
    return encode_cursor([str(listed.next)]) if listed.next else None
