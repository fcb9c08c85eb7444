"""What the console asks of a service's own process about its keys."""

import asyncio
import json
from collections.abc import AsyncGenerator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from shared.log import logger, reason_of
from shared.runtime.rotation.held import Counts
from shared.runtime.rotation.holdings import Holdings
from shared.web import service

LINES = "application/x-ndjson"


def keys_router(holdings: Holdings) -> APIRouter:
    """`/internal/keys`, with a service token only: the files are where the service works."""
    router = APIRouter(prefix="/internal/keys", dependencies=[service()], include_in_schema=False)

    @router.post("/look")
    async def look() -> dict[str, object]:
        """Look for another active key at once; which one it is, and which are still needed."""
        await asyncio.to_thread(holdings.database.vault.look)
        return {"active": holdings.database.vault.active, "needed": sorted(await holdings.needed())}

    @router.get("/counts")
    async def counts() -> dict[str, Counts]:
        """How many values each key still seals, by table or storage."""
        return await holdings.counts()

    @router.get("/old")
    async def old() -> dict[str, int]:
        """How many things are not sealed as they would be now."""
        return {"old": await holdings.old()}

    @router.post("/renew")
    async def renew() -> StreamingResponse:
        """Seal everything anew, and tell after each lot; whoever hangs up, stops it."""
        return StreamingResponse(lines(holdings), media_type=LINES)

    return router


async def lines(holdings: Holdings) -> AsyncGenerator[str]:
    """Each lot, then `end`: who does not hear that, knows that it was broken off."""
    try:
        async for name, lot in holdings.renew():
            yield json.dumps({"name": name, "seen": lot.seen, "unreadable": lot.unreadable}) + "\n"
    except Exception as error:
        logger(step="keys").exception("renewal_failed", reason=reason_of(error))
        yield json.dumps({"error": reason_of(error)}) + "\n"
    else:
        yield json.dumps({"end": True}) + "\n"
