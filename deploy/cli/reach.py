"""Who answers a command: the server that owns the folder, or the files themselves."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from deploy.cli.errors import CannotError
from deploy.cli.folder import CONTROL, check_begun, is_owned, socket_of, taken
from deploy.cli.say import Counted, Facts, nobody_watches
from deploy.cli.urls import PATIENCE, is_distributed
from shared.net import Client, Unanswered, over_a_socket
from shared.settings import CommonSettings

BEGINNING = frozenset({"staff-add", "staff-import", "units-import", "calendar-import", "demo"})
"""What may begin an installation; the rest looks, or changes what is there."""

LETTING_GO = 2.0
"""Seconds within which a process that was killed has let go of its folder."""
ENDED = (
    "The server ended before this was done. What was done stays done; run the same command again."
)


async def ask(
    common: CommonSettings,
    name: str,
    asked: Mapping[str, Any] | None = None,
    progress: Counted = nobody_watches,
) -> Facts:
    """Run an operation where the data is: apart, at the folder's owner, or on the files.

    Raises NothingHereError where there is nothing to look at, and makes nothing.
    """
    if is_distributed():
        from deploy.cli.apart import OPERATIONS  # noqa: PLC0415 - slow to load

        return await OPERATIONS[name](common, asked or {}, progress)
    if is_owned(common):
        return await ask_the_owner(common, name, asked or {}, progress)
    if name not in BEGINNING or (asked or {}).get("dry_run"):
        check_begun(common)
    from deploy.cli.house import ask_at_home  # noqa: PLC0415 - loads all services, seconds

    return await ask_at_home(common, name, asked or {}, progress)


async def ask_the_owner(
    common: CommonSettings, name: str, asked: Mapping[str, Any], progress: Counted
) -> Facts:
    """Through the control socket; several minutes of silence are allowed. Raises CannotError."""
    client = over_a_socket(str(socket_of(common)), timeout=PATIENCE)
    try:
        async with client, client.stream("POST", CONTROL + name, json=dict(asked)) as answer:
            answer.raise_for_status()
            async for line in answer.aiter_lines():
                said = json.loads(line)
                if "result" in said:
                    result: Facts = said["result"]
                    return result
                if "error" in said:
                    raise CannotError(said["error"])
                progress(said["done"], said["of"])
    except Unanswered as error:
        if not await let_go(common):
            raise taken(common) from error
    raise CannotError(ENDED)


async def let_go(common: CommonSettings) -> bool:
    """Whether the process that owned the folder is gone."""
    end = time.monotonic() + LETTING_GO
    while is_owned(common):
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.1)
    return True


@asynccontextmanager
async def intake(common: CommonSettings, *, looks: bool = False) -> AsyncGenerator[Client]:
    """A client of intake's API that speaks as the console.

    `looks`: nothing will be kept. Raises NothingHereError where there is no installation then.
    """
    if is_distributed():
        from deploy.cli.wire import client  # noqa: PLC0415 - only here; knows how to sign

        made = client(common, "intake")
    elif is_owned(common):
        made = over_a_socket(str(socket_of(common)), timeout=PATIENCE)
    else:
        if looks:
            check_begun(common)
        from deploy.cli.house import intake_at_home  # noqa: PLC0415 - loads all services, seconds

        async with intake_at_home(common) as at_home:
            yield at_home
        return
    async with made as one:
        yield one
