"""The rights of persons, from the console: erasures applied again, a copy of what there is."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from deploy.cli.errors import CannotError
from deploy.cli.say import Counted, Facts
from deploy.cli.wire import client as over_the_wire
from shared.net import Client, Unanswered, in_process
from shared.runtime.embedded import Embedded
from shared.settings import CommonSettings
from shared.tokens import CONSOLE, minting

LOOK_AGAIN = 0.2
"""Seconds between two looks at how far a copy is."""
REFUSED = 400
Asked = Mapping[str, Any]
Act = Callable[[Client, Asked, Counted], Awaitable[Facts]]


async def reapply(intake: Client, asked: Asked, progress: Counted) -> Facts:
    """Erase again whatever the ledger of erasures knows, and tell the sisters."""
    answer = await intake.post("/internal/erasures/reapply")
    return dict(answer.raise_for_status().json())


async def copy(mediation: Client, asked: Asked, progress: Counted) -> Facts:
    """A copy of everything about one person: one archive for each body, in base64.

    Raises CannotError where nothing is found or the request is refused.
    """
    answer = await mediation.post("/internal/copies", json=dict(asked))
    if answer.status_code >= REFUSED:
        raise CannotError(answer.json().get("detail") or f"Refused: {answer.status_code}.")
    archives = []
    for request in answer.json()["requests"]:
        while True:
            said = (await mediation.get(f"/internal/copies/{request}")).raise_for_status().json()
            progress(said["done"], said["of"])
            if said["state"] != "making":
                break
            await asyncio.sleep(LOOK_AGAIN)
        made = await mediation.post(f"/internal/copies/{request}/content")
        archives.append(made.raise_for_status().json()["zip"])
    return {"archives": archives}


ACTS: Mapping[str, tuple[str, Act]] = {
    "privacy-reapply": ("intake", reapply),
    "privacy-copy": ("mediation", copy),
}


def at_home(service: str, act: Act) -> Callable[[Embedded, Asked, Counted], Awaitable[Facts]]:
    """An act on the platform in this process."""

    async def operate(platform: Embedded, asked: Asked, progress: Counted) -> Facts:
        token = minting(platform.vault, CONSOLE, service, platform.clock)
        async with in_process(platform.internal(service), token) as one:
            return await act(one, asked, progress)

    return operate


def apart(service: str, act: Act) -> Callable[[CommonSettings, Asked, Counted], Awaitable[Facts]]:
    """An act asked of the service's own process."""

    async def operate(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
        async with over_the_wire(common, service) as one:
            try:
                return await act(one, asked, progress)
            except Unanswered as error:
                said = f"{service} did not answer: {type(error).__name__}."
                raise CannotError(said) from error

    return operate


OPERATIONS = {name: at_home(*one) for name, one in ACTS.items()}
APART = {name: apart(*one) for name, one in ACTS.items()}
