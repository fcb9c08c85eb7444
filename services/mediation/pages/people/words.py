"""What pages about people have in common: choices, and what has just been done."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from shared import web
from shared.acting import Staff
from shared.bodies import Bodies
from shared.i18n import N_, translated
from shared.rights import Action, Reach, Role
from shared.units import Unit
from shared.web.requests import language_of

ALL_BODIES = N_("全部机构")
UNITS, STAFF = "/mediation/units", "/mediation/staff"
DONE: Mapping[str, str] = {
    "added": N_("添加好了。"),
    "changed": N_("改好了。"),
    "ended": N_("已经停用，最多一分钟后各处都不能再用。"),
    "unit-ended": N_("部门已经撤销。"),
    "granted": N_("角色给了。"),
    "asked": N_("申请提交了。另一位管理员7天内确认后才有效。"),
    "declined": N_("申请撤销了，没有授予角色。"),
    "added-asked": N_("添加好了。有的角色要另一位管理员确认后才有效。"),
    "revoked": N_("角色收回了。"),
    "arranged": N_("代理安排好了。"),
    "back": N_("代理结束了。"),
}
"""What a page says once it is done, by a word in its address."""
ONE_TIME = "one_time"
A_MINUTE = 60


def done(address: str, what: str) -> Response:
    """Go and look; the page says that it is done."""
    return web.see_other(f"{address}?done={what}")


def told(request: Request) -> str | None:
    """The sentence about what has just been done."""
    return DONE.get(request.query_params.get("done", ""))


def show_once(request: Request, response: Response, account: str, password: str) -> Response:
    """Keep a one-time password for the page that comes next, and for a minute at most."""
    known = {"name": account, "password": password}
    web.remember(request, response, ONE_TIME, known, max_age=A_MINUTE)
    return response


def roles_in(request: Request) -> list[tuple[str, str]]:
    """Roles to choose from; respondents come by an invitation to their case, not by an account."""
    return [one for one in Role.choices(language_of(request)) if one[0] != Role.RESPONDENT]


def bodies_in(bodies: Bodies, reach: Reach) -> list[tuple[str, str]]:
    """The bodies of which anything is within reach, as code and name."""
    return [(one.code, one.short) for one in bodies.known if reach.touches(one.code)]


def everywhere(request: Request) -> tuple[str, str]:
    """The choice of every body at once, in the reader's language."""
    return "", translated(ALL_BODIES, language_of(request))


def body_names(bodies: Bodies) -> dict[str, str]:
    """What bodies are called; the empty code stands for all of them."""
    return {one.code: one.short for one in bodies.known} | {"": ALL_BODIES}


def unit_choices(units: Iterable[Unit]) -> list[tuple[str, str]]:
    """Units at work to choose from, each level a bit further in."""
    return [
        (str(one.id), "　" * (one.path.count("/") - 2) + one.name) for one in units if not one.ended
    ]


def may(who: Staff, action: Action, body: str) -> bool:
    """Whether somebody may do this in a whole body."""
    return who.rights.reach(action).whole(body)


Context = dict[str, Any]
