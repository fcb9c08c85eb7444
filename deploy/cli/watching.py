"""`redress status`, `replay`, `rebuild`: embedded through the owner, distributed by themselves."""

from collections.abc import Sequence
from typing import Any

from deploy.cli import apart
from deploy.cli.operations import Facts, Progress
from deploy.cli.reach import ask
from deploy.cli.urls import is_distributed
from shared.settings import CommonSettings


async def show(common: CommonSettings) -> Facts:
    """All facts of `redress status`."""
    return await (apart.status(common) if is_distributed() else ask(common, "status"))


async def replay_all(common: CommonSettings, service: str | None, ids: Sequence[str]) -> Facts:
    """Dead letters again; how many went, per service."""
    asked = {"service": service, "ids": list(ids)}
    if is_distributed():
        return await apart.replay_letters(common, asked)
    return await ask(common, "replay", asked)


async def rebuild_analytics(common: CommonSettings, progress: Progress) -> Facts:
    """The facts of analytics anew."""
    if is_distributed():
        return await apart.rebuild(common, progress)
    return await ask(common, "rebuild", progress=progress)


def troubles(facts: Facts) -> list[str]:
    """What is wrong, in a line each."""
    return [line for name, one in facts["services"].items() for line in wrong_with(name, one)]


def wrong_with(name: str, facts: dict[str, Any]) -> list[str]:
    lines = [f"{name}: {work} falls: {why}" for work, why in facts.get("troubles", {}).items()]
    if dead := facts.get("dead_letters"):
        lines.append(f"{name}: {dead} dead letters; look at /{name}/dead-letters, redress replay")
    schema = facts.get("migration", {})
    if schema.get("at") != schema.get("newest"):
        lines.append(f"{name}: schema {schema.get('at')}, wanted {schema.get('newest')}")
    if facts.get("unreachable"):
        lines.append(f"{name}: {facts['unreachable']}")
    return lines


async def act(common: CommonSettings, operation: str, asked: dict[str, str]) -> Facts:
    """An operation on accounts, where the data is."""
    if is_distributed():
        return await apart.accounts_changed(common, operation, asked)
    return await ask(common, operation, asked)
