"""Is it alive, is it ready, and what do its figures say."""

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from shared.log import reason_of
from shared.web.access import public, watching
from shared.web.options import Check
from shared.web.requests import options_of

PATIENCE = 3.0
"""Seconds a check may take."""

router = APIRouter(include_in_schema=False, dependencies=[public()])
watched = APIRouter(include_in_schema=False, dependencies=[watching()])


@router.get("/livez")
async def alive() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """Everything it needs answers too; else the names of what does not, and why."""
    wrong = await failing(options_of(request).checks)
    body = {"status": "unready" if wrong else "ready", "failing": wrong}
    return JSONResponse(body, 503 if wrong else 200)


@watched.get("/metrics")
async def metrics() -> Response:
    """The figures in Prometheus' text format."""
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def failing(checks: Mapping[str, Check]) -> dict[str, str]:
    """The checks that fail, each with its reason."""
    reasons = await asyncio.gather(*map(reason, checks.values()))
    return {name: why for name, why in zip(checks, reasons, strict=True) if why}


async def reason(check: Check) -> str | None:
    """Why a check fails; a check that falls or hangs fails too."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except Exception as error:
        return reason_of(error)
