"""Who may do what, and where: the one table, readable by everybody who works here."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from shared import web
from shared.i18n import N_
from shared.rights import PERMISSIONS, Action, Role, Scope
from shared.web import Who

MEANS = {
    Scope.OWN: N_("只有在自己手里的（自己承办的案件）。"),
    Scope.UNIT: N_("担任角色的那个部门的；在机构本级任职的，是没有分到部门的。"),
    Scope.SUBTREE: N_("担任角色的那个部门的，和它下面各级部门的。"),
    Scope.TENANT: N_("担任角色的那个机构的全部。"),
}
"""What a scope means, in a sentence."""


@dataclass(frozen=True)
class PermissionPages:
    """The page of permissions."""

    def router(self) -> APIRouter:
        """The route, with its guard."""
        made = APIRouter(include_in_schema=False, dependencies=[web.staff()])
        made.add_api_route("/mediation/permissions", self.look, methods=["GET"])
        return made

    async def look(self, request: Request, who: Who) -> Response:
        """Roles by actions."""
        mine = {one.role for one in who.rights.grants}
        context: dict[str, Any] = {
            "roles": list(Role),
            "actions": list(Action),
            "scopes": [(one, MEANS[one]) for one in Scope],
            "allowed": PERMISSIONS,
            "mine": mine,
        }
        return web.page(request, "mediation/people/permissions.html", **context)
