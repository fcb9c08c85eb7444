"""Who calls a route that is open to all, and what that allows."""

from fastapi import Request

from services.intake.use_cases.checking import Sender
from shared.acting import SERVICE_ROLE, Caller, Staff
from shared.trail import Doer
from shared.web.callers import bearer_staff, session_staff
from shared.web.csrf import HEADER, check_header
from shared.web.requests import SESSION_COOKIE

STRANGER = Sender()


async def staff_or_nobody(request: Request) -> Staff | None:
    """Staff with session and the header of their login, whoever comes with a token, or nobody.

    A cookie alone, which a browser sends by itself, makes nobody staff here. Raises BadTokenError,
    MissingHeaderTokenError for credentials that are there but wrong.
    """
    if by_token := await bearer_staff(request):
        return by_token
    cookie = request.cookies.get(SESSION_COOKIE)
    if cookie is None or HEADER not in request.headers:
        return None
    who = await session_staff(request)
    if who is None or who.enrolling:
        return None
    check_header(request, cookie)
    return who


def sender_of(who: Staff | None) -> Sender:
    """How complaints from this caller are taken."""
    if who is None:
        return STRANGER
    if who.role == SERVICE_ROLE:
        return Sender(f"service:{who.name}", trusted=True)
    staff = Caller(Doer.of(who), who.rights)
    return Sender(f"staff:{who.id}", trusted=True, registrar=who.id, staff=staff)
