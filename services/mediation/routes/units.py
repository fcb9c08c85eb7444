"""Units, stand-ins and the table of permissions, as JSON."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from services.mediation.routes.answers import API
from services.mediation.routes.proving import ProofForm, prove
from services.mediation.settings import MediationSettings
from services.mediation.tables import StandInRow, UnitRow
from services.mediation.use_cases.people import standing_in
from services.mediation.use_cases.people.doing import by_of
from services.mediation.use_cases.people.forms import NewUnitForm, StandInForm, UnitForm
from services.mediation.use_cases.people.units import (
    BadUnitError,
    change_unit,
    end_unit,
    listed_units,
    make_unit,
)
from shared import web
from shared.bodies import Bodies
from shared.clock import local_day
from shared.rights import PERMISSIONS, Action, Role, Scope
from shared.web import OpenRead, OpenWork, TheDatabase, Who
from shared.web.requests import options_of


class UnitQuery(BaseModel):
    """Of which body (机构); without one: the default one."""

    body: str | None = Field(default=None, max_length=40)


class ArrangeForm(StandInForm, ProofForm):
    """A stand-in, and the present password: a stolen session lends nobody's rights."""


@dataclass(frozen=True)
class UnitRoutes:
    """The tree of units, who stands in for whom, and who may do what."""

    bodies: Bodies
    settings: MediationSettings

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(prefix=API, tags=["people"])
        add = made.add_api_route
        see = [web.staff_or_token(Action.STAFF_READ), web.only(UnitQuery)]
        # No token of a script moves a unit: with it moves who may see its cases.
        change: dict[str, Any] = {"dependencies": [web.staff(Action.UNIT_MANAGE)]}
        mine: dict[str, Any] = {"dependencies": [web.staff()]}
        lend: dict[str, Any] = {"dependencies": [web.staff(), web.guessing()], "status_code": 201}
        add("/units", self.list_units, methods=["GET"], dependencies=see)
        add("/units", self.make_unit, methods=["POST"], status_code=201, **change)
        add("/units/{unit_id}", self.change_unit, methods=["PUT"], **change)
        add("/units/{unit_id}/end", self.end_unit, methods=["POST"], **change)
        add("/stand-ins", self.list_stand_ins, methods=["GET"], **mine)
        add("/stand-ins", self.arrange, methods=["POST"], **lend)
        add("/stand-ins/{stand_in_id}", self.end, methods=["DELETE"], status_code=204, **mine)
        add("/permissions", self.permissions, methods=["GET"], **mine)
        return made

    async def list_units(
        self, query: Annotated[UnitQuery, Query()], who: Who, session: OpenRead
    ) -> dict[str, Any]:
        """The units of a body within reach, parents first; ended ones have `ended` true."""
        body = self.bodies.default.code if query.body is None else query.body
        found = await listed_units(session, body, who.rights.reach(Action.STAFF_READ))
        items = [
            {name: getattr(one.unit, name) for name in SHOWN}
            | {"level": one.level, "people": one.people, "open_cases": one.open_cases}
            for one in found
        ]
        return {"items": items, "next": None}

    async def make_unit(self, form: NewUnitForm, who: Who, work: OpenWork) -> dict[str, Any]:
        """Make a unit."""
        body = self.bodies.of(form.body)
        if body is None:
            raise BadUnitError("没有这个机构。", pointer="/body")
        return unit_json(await make_unit(work, body.code, form.wished(), by_of(who)))

    async def change_unit(
        self, unit_id: UUID, form: UnitForm, who: Who, work: OpenWork
    ) -> dict[str, Any]:
        """Rename a unit, or move it in the tree with all below it."""
        return unit_json(await change_unit(work, unit_id, form.wished(), by_of(who)))

    async def end_unit(self, unit_id: UUID, who: Who, work: OpenWork) -> dict[str, Any]:
        """End a unit that nobody needs any more; refused while people or open cases are there."""
        return unit_json(await end_unit(work, unit_id, by_of(who)))

    async def list_stand_ins(
        self, who: Who, database: TheDatabase, session: OpenRead
    ) -> dict[str, Any]:
        """For whom I act, and who acts for me, now and later."""
        today = local_day(database.clock())
        found = await standing_in.arranged(session, who.id, today)
        return {"items": [stand_in_json(one) for one in found], "next": None}

    async def arrange(
        self, form: ArrangeForm, request: Request, who: Who, database: TheDatabase
    ) -> dict[str, UUID]:
        """Let somebody act for me; or, for who manages people, for a colleague."""
        await prove(request, form, database, self.settings)
        async with database.work() as work:
            made = await standing_in.arrange(work, form.wished(who.id), by_of(who))
        options_of(request).sessions.forget_all()
        return {"id": made}

    async def end(self, stand_in_id: UUID, request: Request, who: Who, work: OpenWork) -> None:
        """End a stand-in now."""
        await standing_in.end(work, stand_in_id, by_of(who))
        options_of(request).sessions.forget_all()

    async def permissions(self) -> dict[str, Any]:
        """The table of permissions: role x action x scope. What is not in it is refused."""
        return {
            "roles": {one.value: names(one) for one in Role},
            "actions": {one.value: names(one) for one in Action},
            "scopes": {one.english: {"zh": one.chinese, "en": one.english} for one in Scope},
            "permissions": {
                role.value: {action.value: scope.english for action, scope in allowed.items()}
                for role, allowed in PERMISSIONS.items()
            },
        }


SHOWN = ("id", "body", "code", "name", "parent", "region", "ended")


def names(term: Role | Action) -> dict[str, str]:
    return {"zh": term.chinese, "en": term.english}


def unit_json(row: UnitRow) -> dict[str, Any]:
    shown = ("id", "body", "code", "name", "parent", "region", "version", "ended_at")
    return {name: getattr(row, name) for name in shown}


def stand_in_json(row: StandInRow) -> dict[str, Any]:
    shown = ("id", "absent", "stand_in", "first_on", "last_on")
    return {name: getattr(row, name) for name in shown}
