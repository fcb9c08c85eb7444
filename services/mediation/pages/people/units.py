"""The tree of units: looked at, made, renamed, moved, ended."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

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
    Listed,
    NoSuchUnitError,
    change_unit,
    end_unit,
    listed_units,
    make_unit,
    unit_in,
)
from shared import web
from shared.bodies import Bodies
from shared.kernel import RuleError
from shared.rights import Action
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.statuses import status_of

Broken = RuleError | ValidationError


@dataclass
class Node:
    """A unit with those below it."""

    one: Listed
    below: list["Node"] = field(default_factory=list)


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
        self, request: Request, who: web.Staff, session: AsyncSession, **context: Any
    ) -> Response:
        """The tree, and the form for a new unit; of the body in the address."""
        reach = who.rights.reach(Action.STAFF_READ)
        bodies = bodies_in(self.bodies, reach)
        codes = [code for code, _ in bodies]
        asked = request.query_params.get("body")
        body = asked if asked in codes else next(iter(codes), self.bodies.default.code)
        found = await listed_units(session, body, reach)
        usual = {
            "body": body,
            "bodies": bodies,
            "nodes": nested([one for one in found if not one.unit.ended]),
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
            wished = UnitForm.model_validate(blank(web.nested(form))).wished()
            async with database.work() as work:
                await make_unit(work, body, wished, by_of(who))
        except (RuleError, ValidationError) as error:
            wrong = {
                "typed": form,
                "wrong": web.wrongs(request, error),
                "status": status_for(error),
            }
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
        who: web.Staff,
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
            wished = UnitForm.model_validate(blank(web.nested(form))).wished()
            async with database.work() as work:
                await change_unit(work, unit_id, wished, by_of(who))
        except (RuleError, ValidationError) as error:
            wrong = {
                "typed": form,
                "wrong": web.wrongs(request, error),
                "status": status_for(error),
            }
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


def blank(found: dict[str, Any]) -> dict[str, Any]:
    """Text that a form must have, empty where nothing was typed: the rule says what is missing."""
    return {"code": "", "name": ""} | found


def status_for(error: Broken) -> int:
    return status_of(error) if isinstance(error, RuleError) else 422


def nested(found: list[Listed]) -> list[Node]:
    """The tree; who stands below a unit that is not shown stands on top."""
    nodes = {one.unit.id: Node(one) for one in found}
    top: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.one.unit.parent) if node.one.unit.parent else None
        (above.below if above else top).append(node)
    return top
