"""Whether a letter is genuine: the page that the QR code on it leads to."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.notification.use_cases.genuine import verdict_on
from shared.web import TheDatabase, limited, page, public

router = APIRouter(include_in_schema=False)


@router.get("/notification/verify", dependencies=[public(), limited("verify-letter", 30, 60)])
async def verify(
    request: Request,
    database: TheDatabase,
    number: Annotated[str, Query(max_length=100)] = "",
    code: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Whether a letter with this number and code is ours and counts. Nothing else is told."""
    asked = bool(number.strip() and code.strip())
    context: dict[str, Any] = {
        "asked": asked,
        "verdict": await verdict_on(database, number, code) if asked else None,
        "number": number,
        "code": code,
    }
    return page(request, "notification/verify.html", **context)
