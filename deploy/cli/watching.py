"""What the facts of `redress status` say is wrong."""

from pathlib import Path
from typing import Any

from deploy.cli.say import Facts

PORT = 8000
"""The front's, unless another is asked for."""


def is_silent(facts: Facts) -> bool:
    """Whether none of the processes answers."""
    return all(one.get("unreachable") for one in facts["services"].values())


def is_stopped(facts: Facts) -> bool:
    """Whether nobody serves: no process answers, or the figures were read from the files."""
    return is_silent(facts) or not facts.get("running", True)


def not_running(facts: Facts, data: Path) -> str:
    """That nothing runs, and how it is started: as one process, as a cluster, or in containers."""
    from deploy.cluster.layout import Layout, Ports  # noqa: PLC0415 - slow to load

    ports = Ports.read(Layout(data).ports)
    start = "docker compose up --detach --wait"
    if facts["mode"] == "embedded":
        start = f"redress up --data {data}"
    elif ports is not None:
        start = cluster_up(data, ports.front)
    return f"not running; start it with {start}"


def cluster_up(data: Path, port: int = PORT) -> str:
    """The command that starts the cluster of a folder, at the address it had."""
    return f"redress cluster up --data {data}" + ("" if port == PORT else f" --port {port}")


def wrong_in(facts: Facts, data: Path) -> list[str]:
    """All that is wrong with the installation of this folder, in a line each."""
    stopped = [not_running(facts, data)] if is_stopped(facts) else []
    return stopped if is_silent(facts) else stopped + troubles(facts)


def troubles(facts: Facts) -> list[str]:
    """What is wrong with its services, in a line each."""
    return [line for name, one in facts["services"].items() for line in wrong_with(name, one)]


def wrong_with(name: str, facts: dict[str, Any]) -> list[str]:
    if facts.get("unreachable"):
        return [f"{name}: {facts['unreachable']}"]
    lines = [f"{name}: {work} falls: {why}" for work, why in facts.get("troubles", {}).items()]
    if dead := facts.get("dead_letters"):
        lines.append(f"{name}: {dead} dead letters; see /{name}/dead-letters, redress replay")
    if unknown := facts.get("words_unknown_to_intake"):
        lines.append(f"{name}: intake does not know {unknown} of its complaints; asked again")
    schema = facts.get("migration", {})
    if schema.get("at") != schema.get("newest"):
        lines.append(f"{name}: schema {schema.get('at')}, wanted {schema.get('newest')}")
    return lines
