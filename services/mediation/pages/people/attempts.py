"""What the pages of one person share: show them, try something, say that it is done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import Response

from services.mediation.pages.people.showing import shown
from services.mediation.pages.people.units import status_for
from services.mediation.pages.people.words import STAFF, done
from shared import web
from shared.acting import Staff
from shared.bodies import Bodies
from shared.kernel import RuleError
from shared.web import TheDatabase
from shared.web.requests import options_of
from shared.work import Work

ONE = STAFF + "/{staff_id}"
PAGES = "mediation/people/"
Change = Callable[[Work], Awaitable[str | None]]
"""What is to be done; a word for what has become of it, where that is not always the same."""


@dataclass(frozen=True)
class Attempt:
    """Something to be done, and what is shown then."""

    change: Change
    said: str
    """What the page says once it is done, unless the change says something else."""
    page: str = "person.html"
    """The page that shows what is wrong, if anything is."""
    typed: FormData | None = None
    first: Callable[[], Awaitable[None]] | None = None
    """What comes before it, with work of its own: to prove once more who one is."""


@dataclass(frozen=True)
class AboutOne:
    """Pages about one person."""

    bodies: Bodies

    async def show(
        self,
        request: Request,
        who: Staff,
        reading: tuple[TheDatabase, AsyncSession],
        staff_id: UUID,
        **context: Any,
    ) -> Response:
        """A page about them; `page` and `status` where they are not the usual ones."""
        usual = await shown(request, who, reading, (staff_id, self.bodies))
        template = PAGES + context.pop("page", "person.html")
        status = context.pop("status", 200)
        return web.page(request, template, status, **(usual | context))

    async def tried(
        self,
        request: Request,
        who: Staff,
        database: TheDatabase,
        staff_id: UUID,
        attempt: Attempt,
    ) -> Response:
        """Do it and say so, or show what is wrong, with everything that was typed."""
        try:
            if attempt.first is not None:
                await attempt.first()
            async with database.work() as work:
                became = await attempt.change(work)
        except (RuleError, ValidationError) as error:
            again: dict[str, Any] = {"wrong": web.wrongs(request, error), "page": attempt.page}
            again |= {"status": status_for(error)}
            if attempt.typed is not None:
                again |= {"typed": attempt.typed}
            async with database.reading() as session:
                return await self.show(request, who, (database, session), staff_id, **again)
        options_of(request).sessions.forget_all()
        return done(f"{STAFF}/{staff_id}", became or attempt.said)
