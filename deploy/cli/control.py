"""The control socket: how other commands ask the server that owns the data folder."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.cli.errors import CannotError
from deploy.cli.folder import CONTROL
from deploy.cli.operations import OPERATIONS
from deploy.cli.words import in_words, language_of
from shared.kernel import RuleError
from shared.log import logger, reason_of
from shared.runtime.embedded import Embedded
from shared.tokens import CONSOLE, minting

SILENT = 2.0
"""Seconds within which an operation whose console hung up tells how far it is, or is cancelled."""
ENDING: set[asyncio.Task[None]] = set()
"""What ends such operations: asyncio itself holds no task."""


class Control:
    """Answers `/control/...` itself and hands the rest to the platform as the console's requests.

    Who may open the socket is decided by the rights of the folder it lies in; whoever may is the
    console.
    """

    def __init__(self, platform: Embedded, web: ASGIApp) -> None:
        self._web = web
        self._own = operating(platform)
        vault, clock = platform.vault, platform.clock
        self._tokens = {name: minting(vault, CONSOLE, name, clock) for name in platform.running}
        self._host = min(platform.common.accepted_hosts).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(CONTROL):
            await self._own(scope, receive, send)
        else:
            await self._web(self._as_console(scope), receive, send)

    def _as_console(self, scope: Scope) -> Scope:
        """The same request with the console's token and a host the edge answers to."""
        token = self._tokens.get(scope["path"].split("/", 2)[1])
        kept = [one for one in scope["headers"] if one[0] not in {b"host", b"authorization"}]
        added = [(b"host", self._host)]
        if token is not None:
            added.append((b"authorization", b"Bearer " + token().encode()))
        return {**scope, "headers": [*kept, *added]}


def operating(platform: Embedded) -> FastAPI:
    """One address per operation; the answer is lines of JSON: progress, then the result."""
    app = FastAPI(openapi_url=None)

    @app.post(CONTROL + "{name}")
    async def operate(name: str, request: Request) -> StreamingResponse:
        asked = await request.json()
        return StreamingResponse(lines(platform, name, asked), media_type="application/x-ndjson")

    return app


class HungUpError(Exception):
    """Nobody waits for the end of an operation any more."""


async def lines(platform: Embedded, name: str, asked: Mapping[str, Any]) -> AsyncGenerator[str]:
    """Run one operation, telling how far it is. Whoever hangs up, ends it."""
    queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
    hung_up = asyncio.Event()

    def progress(done: int, of: int) -> None:
        if hung_up.is_set():
            raise HungUpError
        queue.put_nowait({"done": done, "of": of})

    async def run() -> None:
        try:
            operation = OPERATIONS[name]
            queue.put_nowait({"result": await operation(platform, asked, progress)})
        except HungUpError:
            logger(step=name).info("operation_hung_up")
        except (CannotError, RuleError) as error:
            queue.put_nowait({"error": in_words(error, language_of(platform.common))})
        except Exception as error:
            logger(step=name).exception("operation_failed", reason=reason_of(error))
            queue.put_nowait({"error": f"{name} failed: {reason_of(error)}; see the server's log."})
        finally:
            queue.put_nowait(None)

    task = asyncio.create_task(run())
    try:
        while (line := await queue.get()) is not None:
            yield json.dumps(line, ensure_ascii=False, default=str) + "\n"
        await task
    finally:
        hung_up.set()
        ending = asyncio.create_task(end(task))
        ENDING.add(ending)
        ending.add_done_callback(ENDING.discard)


async def end(task: asyncio.Task[None]) -> None:
    """End an operation where it tells how far it is; one that is silent, wherever it is.

    Between two pieces of work nothing is half done, and no connection has to be thrown away.
    """
    await asyncio.wait({task}, timeout=SILENT)
    task.cancel()
