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
from shared.kernel import RuleError
from shared.log import logger, reason_of
from shared.runtime.embedded import Embedded


class Control:
    """Answers `/control/...` itself and hands the rest to the platform, as its web server does.

    Who may open the socket is decided by the rights of the folder it lies in.
    """

    def __init__(self, platform: Embedded, web: ASGIApp) -> None:
        self._web = web
        self._own = operating(platform)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        own = scope["type"] == "http" and scope["path"].startswith(CONTROL)
        await (self._own if own else self._web)(scope, receive, send)


def operating(platform: Embedded) -> FastAPI:
    """One address per operation; the answer is lines of JSON: progress, then the result."""
    app = FastAPI(openapi_url=None)

    @app.post(CONTROL + "{name}")
    async def operate(name: str, request: Request) -> StreamingResponse:
        asked = await request.json()
        return StreamingResponse(lines(platform, name, asked), media_type="application/x-ndjson")

    return app


async def lines(platform: Embedded, name: str, asked: Mapping[str, Any]) -> AsyncGenerator[str]:
    """Run one operation, telling how far it is."""
    queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def progress(done: int, of: int) -> None:
        queue.put_nowait({"done": done, "of": of})

    async def run() -> None:
        try:
            operation = OPERATIONS[name]
            queue.put_nowait({"result": await operation(platform, asked, progress)})
        except (CannotError, RuleError) as error:
            queue.put_nowait({"error": str(error)})
        except Exception as error:
            logger(step=name).exception("operation_failed", reason=reason_of(error))
            queue.put_nowait({"error": f"{name} failed: {reason_of(error)}; see the server's log."})
        finally:
            queue.put_nowait(None)

    task = asyncio.create_task(run())
    while (line := await queue.get()) is not None:
        yield json.dumps(line, ensure_ascii=False, default=str) + "\n"
    await task
