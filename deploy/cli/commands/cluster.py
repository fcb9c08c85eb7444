"""The distributed mode on one machine without containers."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from deploy.cli import say
from deploy.cli.commands.options import Data, Json
from deploy.cli.watching import PORT, cluster_up
from deploy.processes import ClusterError
from shared.settings import CommonSettings

Port = Annotated[int, typer.Option(help="Port of the front address.")]
Nodes = Annotated[
    int | None,
    typer.Option("--kafka-nodes", help="1 or 3; the default is what it was.", show_default=False),
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="The distributed mode on one machine: PostgreSQL, Kafka, four services, one address.",
        no_args_is_help=True,
    )
    group.command()(up)
    group.command()(down)
    group.command()(status)
    app.add_typer(group, name="cluster")


def up(
    port: Port = PORT,
    data: Data = None,
    kafka_nodes: Nodes = None,
    foreground: Annotated[
        bool, typer.Option("--foreground", help="Stay, and stop everything on Ctrl-C.")
    ] = False,
    json: Json = False,
) -> None:
    """Start everything; harmless when it runs already.

    **Example:** redress cluster up --port 8000 --data ./data --kafka-nodes 1
    """
    if kafka_nodes not in {None, 1, 3}:
        raise typer.BadParameter("--kafka-nodes is 1 or 3")
    from deploy.cluster import up as start

    facts = attempted(
        start,
        port=port,
        data=folder(data),
        kafka_nodes=kafka_nodes,
        foreground=foreground,
        tell=say.complain,
    )
    show(facts, json)


def down(data: Data = None, json: Json = False) -> None:
    """Stop everything; the data stay.

    **Example:** redress cluster down --data ./data
    """
    from deploy.cluster import down as stop

    was_running = attempted(stop, folder(data), tell=say.complain)
    if json:
        say.facts_as_json({"was_running": was_running})
    else:
        say.say("Everything is stopped." if was_running else "Nothing was running.")


def status(data: Data = None, json: Json = False) -> None:
    """Processes, addresses and versions.

    **Example:** redress cluster status --json
    """
    from deploy.cluster import status as look

    facts = attempted(look, folder(data))
    show(facts, json)
    if not facts.get("running"):
        say.fail(f"not running; start it with {cluster_up(folder(data), port_of(facts))}")


def folder(data: Data) -> Path:
    return data or CommonSettings().data


def show(facts: dict[str, Any], json: bool) -> None:  # noqa: FBT001 - the option
    if json:
        say.facts_as_json(facts)
        return
    if not facts.get("processes"):
        return
    rows = (
        [
            str(one["name"]),
            str(one.get("pid")),
            "yes" if one.get("alive") else "NO",
            str(one.get("ready") or "-"),
            str(one.get("address") or ""),
        ]
        for one in facts.get("processes", ())
    )
    say.show_table(["process", "pid", "alive", "ready", "address"], rows)
    if facts.get("running"):
        say.say(f"Redress (和解通): {facts['address']}")


def port_of(facts: dict[str, Any]) -> int:
    """The port the front had; the default where there was none."""
    return urlsplit(facts.get("address") or "").port or PORT


def attempted(do: Any, *given: Any, **named: Any) -> Any:
    """What goes wrong is said in its own words."""
    try:
        return do(*given, **named)
    except ClusterError as error:
        say.fail(str(error))
