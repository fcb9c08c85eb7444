"""Who may call a route. Every route says it once; an edge refuses to build where one does not."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.params import Depends as DependsParam

from shared.acting import Staff
from shared.kernel import ForbiddenError, UnauthenticatedError, UnknownError
from shared.rights import Action, NotAllowedError
from shared.web.callers import WHO, as_staff, bearer_of, bearer_staff, noted, session_staff
from shared.web.csrf import check_header, check_origin
from shared.web.requests import SAFE, SESSION_COOKIE, for_machines, is_near

ENROL = "/mediation/me/second-factor"
"""Where a second factor is set up."""


class NotLoggedInError(UnauthenticatedError):
    """Nobody is logged in, and this is for people who are."""


class EnrolFirstError(ForbiddenError):
    """The person's role demands a second factor; they have none, and may do nothing else."""


class NotHereError(UnknownError):
    """An address that is there for others only."""


class NoTokenError(UnauthenticatedError):
    """A sister's door, without a sister's token."""


@dataclass(frozen=True)
class Access:
    """The marker of a route; called with each request."""

    async def __call__(self, request: Request) -> None:
        """Let everybody in."""


@dataclass(frozen=True)
class Public(Access):
    """Open to everybody."""

    async def __call__(self, request: Request) -> None:
        """Let everybody in."""


@dataclass(frozen=True)
class Watching(Access):
    """For who watches over the installation: from addresses of ours, or with a service token."""

    async def __call__(self, request: Request) -> None:
        """Let them in. Raises NotHereError (404), BadTokenError."""
        if not is_near(request) and bearer_of(request) is None:
            raise NotHereError("没有这个地址，请检查网址。")


@dataclass(frozen=True)
class NeedsSession(Access):
    """For people who are logged in and whose roles allow `action` anywhere (None: all of them).

    Whether it is allowed on the very thing is for the use case to say. Where `or_token`, services
    and the console come in as well.
    """

    action: Action | None = None
    or_token: bool = False
    enrolling: bool = False
    """Whether who must get a second factor first may come in, to do just that."""

    async def __call__(self, request: Request) -> None:
        """Note who asks.

        Raises NotLoggedInError, BadTokenError, NotAllowedError (403), EnrolFirstError (403).
        """
        who = await bearer_staff(request) if self.or_token else None
        if who is None:
            who = await self._with_session(request)
        if who.enrolling and not self.enrolling:
            raise EnrolFirstError(
                "您的角色登录要用动态口令。请先设置，再做别的：{address}", address=ENROL
            )
        if self.action is not None and not who.rights.may(self.action):
            raise NotAllowedError("您的角色不能做「{action}」。", action=self.action)

    async def _with_session(self, request: Request) -> Staff:
        """Who is logged in, by a request from a page of ours or with the header that login gave."""
        who = await session_staff(request)
        if who is None:
            raise NotLoggedInError("请先登录。")
        if request.method not in SAFE:
            check_origin(request)
            if for_machines(request.url.path):
                check_header(request, request.cookies[SESSION_COOKIE])
        return who


@dataclass(frozen=True)
class NeedsToken(Access):
    """For services among themselves and for the console."""

    async def __call__(self, request: Request) -> None:
        """Note who asks. Raises NoTokenError, BadTokenError."""
        issuer = bearer_of(request)
        if issuer is None:
            raise NoTokenError("这个地址只供系统内部使用，要带服务令牌。")
        request.scope[WHO] = as_staff(issuer)


async def the_who(request: Request) -> Staff:
    """Who asks, on a route that is for staff."""
    who = noted(request)
    if who is None:
        raise RuntimeError("`Who` needs staff(), staff_or_token() or service() on the route.")
    return who


async def maybe_who(request: Request) -> Staff | None:
    """Who asks, on a route that is open to all."""
    return noted(request) or await session_staff(request)


Who = Annotated[Staff, Depends(the_who)]
MaybeWho = Annotated[Staff | None, Depends(maybe_who)]


def public() -> Any:
    """Open to everybody."""
    return Depends(Public())


def staff(action: Action | None = None) -> Any:
    """For people who are logged in and may do this somewhere; None: whoever is logged in."""
    return Depends(NeedsSession(action))


def enrolling() -> Any:
    """For whoever is logged in, also while they must get a second factor first."""
    return Depends(NeedsSession(enrolling=True))


def staff_or_token(action: Action | None = None) -> Any:
    """The same, and for tokens: of scripts, of services, of the console."""
    return Depends(NeedsSession(action, or_token=True))


def service() -> Any:
    """For service tokens alone."""
    return Depends(NeedsToken())


def watching() -> Any:
    """For who watches over the installation, such as Prometheus."""
    return Depends(Watching())


def marks(depends: DependsParam) -> bool:
    """Whether this dependency is an access marker."""
    return isinstance(depends.dependency, Access)
