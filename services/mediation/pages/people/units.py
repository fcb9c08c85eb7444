"""The tree of units: looked at, made, renamed, moved, ended."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import Response

from services.mediation.pages.people.nodes import hits, nested
from services.mediation.pages.people.typed import UnreadError, faulty, read
from services.mediation.pages.people.words import (
    UNITS,
    bodies_in,
    body_names,
    done,
    may,
    told,
    unit_choices,
)
from services.mediation.use_cases.people.doing import by_of
from services.mediation.use_cases.people.forms import UnitForm
from services.mediation.use_cases.people.units import (
    BadUnitError,
    NoSuchUnitError,
    Wished,
    change_unit,
    end_unit,
    faults_of,
    listed_units,
    make_unit,
    unit_in,
)
from shared import web
from shared.acting import Staff
from shared.bodies import Bodies
from shared.kernel import RuleError
from shared.rights import Action
from shared.text import clean
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.statuses import status_of

MOST_TYPED = 60
Broken = RuleError | ValidationError


@dataclass(frozen=True)
class UnitPages:
    """The pages of units."""

    bodies: Bodies

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False)
        see, change = [web.staff(Action.STAFF_READ)], [web.staff(Action.UNIT_MANAGE)]
        made.add_api_route(UNITS, self.look, methods=["GET"], dependencies=see)
        made.add_api_route(UNITS, self.make, methods=["POST"], dependencies=change)
        one = UNITS + "/{unit_id}"
        made.add_api_route(one, self.look_at, methods=["GET"], dependencies=change)
        made.add_api_route(one, self.change, methods=["POST"], dependencies=change)
        made.add_api_route(one + "/end", self.end, methods=["POST"], dependencies=change)
        return made

    async def look(self, request: Request, who: Who, session: OpenRead) -> Response:
        """The tree of one body."""
        return await self.show(request, who, session)

    async def show(
        self, request: Request, who: Staff, session: AsyncSession, **context: Any
    ) -> Response:
        """The tree, or what is searched in it, and the form for a new unit; of one body."""
        reach = who.rights.reach(Action.STAFF_READ)
        bodies = bodies_in(self.bodies, reach)
        codes = [code for code, _ in bodies]
        asked = request.query_params.get("body")
        body = asked if asked in codes else next(iter(codes), self.bodies.default.code)
        found = await listed_units(session, body, reach)
        at_work = [one for one in found if not one.unit.ended]
        q = clean(request.query_params.get("q") or "")[:MOST_TYPED]
        usual = {
            "q": q,
            "hits": hits(at_work, q) if q else None,
            "body": body,
            "bodies": bodies,
            "nodes": nested(at_work),
            "ended": [one.unit for one in found if one.unit.ended],
            "parents": unit_choices(one.unit for one in found),
            "manages": may(who, Action.UNIT_MANAGE, body),
            "said": told(request),
        }
        status = context.pop("status", 200)
        return web.page(request, "mediation/people/units.html", status, **(usual | context))

    async def make(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Make a unit of the body in the address."""
        body = request.query_params.get("body") or self.bodies.default.code
        try:
            if body not in self.bodies.codes:
                raise BadUnitError("没有这个机构。")
            wished = wished_unit(request, form)
            async with database.work() as work:
                await make_unit(work, body, wished, by_of(who))
        except (RuleError, UnreadError) as error:
            wrong = {"typed": form} | faulty(request, error)._asdict()
            async with database.reading() as session:
                return await self.show(request, who, session, **wrong)
        return web.see_other(f"{UNITS}?body={body}&done=added")

    async def look_at(
        self, unit_id: UUID, request: Request, who: Who, session: OpenRead
    ) -> Response:
        """One unit, to be changed."""
        return await self.show_one(request, who, session, unit_id)

    async def show_one(
        self,
        request: Request,
        who: Staff,
        session: AsyncSession,
        unit_id: UUID,
        **context: Any,
    ) -> Response:
        row = await unit_in(session, unit_id)
        found = await listed_units(session, row.body, who.rights.reach(Action.UNIT_MANAGE))
        listed = next((one for one in found if one.unit.id == unit_id), None)
        if listed is None:
            raise NoSuchUnitError("没有这个部门。").beyond("unit", row.id)
        elsewhere = [one.unit for one in found if not one.unit.path.startswith(row.path)]
        usual = {
            "one": listed,
            "parents": unit_choices(elsewhere),
            "typed": {
                "code": row.code,
                "name": row.name,
                "region": row.region,
                "parent": row.parent or "",
            },
            "body_name": body_names(self.bodies).get(row.body, row.body),
            "said": told(request),
        }
        status = context.pop("status", 200)
        return web.page(request, "mediation/people/unit.html", status, **(usual | context))

    async def change(
        self, unit_id: UUID, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Rename it, or move it with all below it."""
        try:
            wished = wished_unit(request, form)
            async with database.work() as work:
                await change_unit(work, unit_id, wished, by_of(who))
        except (RuleError, UnreadError) as error:
            wrong = {"typed": form} | faulty(request, error)._asdict()
            async with database.reading() as session:
                return await self.show_one(request, who, session, unit_id, **wrong)
        return done(f"{UNITS}/{unit_id}", "changed")

    async def end(
        self, unit_id: UUID, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """End it; where it is still needed, the page says by whom."""
        try:
            async with database.work() as work:
                row = await end_unit(work, unit_id, by_of(who))
        except RuleError as error:
            wrong = {"wrong": web.wrongs(request, error), "status": status_of(error)}
            async with database.reading() as session:
                return await self.show_one(request, who, session, unit_id, **wrong)
        return web.see_other(f"{UNITS}?body={row.body}&done=unit-ended")


def wished_unit(request: Request, form: FormData) -> Wished:
    """A unit as it was typed. Raises UnreadError, which tells what the rules say, too."""
    found, unreadable = read(request, UnitForm, web.nested(form), {"code": "", "name": ""})
    if unreadable:
        raise UnreadError(request, unreadable, faults_of(found.wished()))
    return found.wished()


def status_for(error: Broken) -> int:
    return status_of(error) if isinstance(error, RuleError) else 422
