"""Who answers a command: the server that owns the folder, or the files themselves."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from deploy.cli.errors import CannotError
from deploy.cli.folder import CONTROL, is_owned, socket_of, taken
from deploy.cli.say import Counted, Facts, nobody_watches
from deploy.cli.urls import is_distributed
from shared.clock import system_clock
from shared.net import Bearer, Client, Unanswered, over_a_socket, over_the_wire
from shared.settings import CommonSettings
from shared.vault import read_key_file
from shared.web.tokens import CONSOLE, minting


async def ask(
    common: CommonSettings,
    name: str,
    asked: Mapping[str, Any] | None = None,
    progress: Counted = nobody_watches,
) -> Facts:
    """Run an operation where the data is: apart, at the folder's owner, or on the files."""
    if is_distributed():
        from deploy.cli.apart import OPERATIONS  # noqa: PLC0415 - slow to load

        return await OPERATIONS[name](common, asked or {}, progress)
    if is_owned(common):
        return await ask_the_owner(common, name, asked or {}, progress)
    from deploy.cli.house import ask_at_home  # noqa: PLC0415 - loads all services, seconds

    return await ask_at_home(common, name, asked or {}, progress)


async def ask_the_owner(
    common: CommonSettings, name: str, asked: Mapping[str, Any], progress: Counted
) -> Facts:
    """Through the control socket; several minutes of silence are allowed."""
    client = over_a_socket(str(socket_of(common)), timeout=600)
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
        raise taken(common) from error
    raise CannotError("The server ended before it was done.")


@asynccontextmanager
async def intake(common: CommonSettings) -> AsyncGenerator[Client]:
    """A client of intake's API that speaks as the console."""
    if is_distributed():
        token = token_of(common)
        async with over_the_wire(common.intake_url, token, timeout=120) as client:
            yield client
    elif is_owned(common):
        async with over_a_socket(str(socket_of(common)), timeout=120) as client:
            client.headers["Host"] = host_of(common)
            client.auth = Bearer(token_of(common))
            yield client
    else:
        from deploy.cli.house import intake_at_home  # noqa: PLC0415 - loads all services, seconds

        async with intake_at_home(common, host_of(common)) as client:
            yield client


def token_of(common: CommonSettings) -> Callable[[], str]:
    vault = read_key_file(common.key_path)
    return minting(vault.signing_key, CONSOLE, "intake", system_clock)


def host_of(common: CommonSettings) -> str:
    """A Host name the edge answers to."""
    return min(common.accepted_hosts)
