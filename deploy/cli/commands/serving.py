"""Commands that keep running: the whole platform, or one service of it."""

from contextlib import suppress
from importlib import import_module
from typing import Annotated

import typer

from deploy.cli import say
from deploy.cli.commands.options import Data, Json, one_of, settings
from shared.sisters import SERVICES

PORTS = dict(zip(SERVICES, range(8001, 8005), strict=True))
NOT_STARTED = 3
"""Exit code of a service that could not start, as uvicorn's own."""

Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all of this machine.")]


def register(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(serve)


def up(
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 for any free one.")] = 8000,
    data: Data = None,
    demo: Annotated[
        bool | None,
        typer.Option(
            "--demo/--no-demo",
            help="Fictitious complaints in every state; the default on an empty folder.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Run everything in one process: the embedded mode.

    The first start makes the databases, a key file beside the data folder, and the first
    accounts, whose one-time passwords are printed once. Ready when /readyz answers 200.

    **Example:** redress up --port 8000 --data ./data --demo
    """
    from deploy.cli.server import Wanted, run

    run(settings(data), Wanted(host, port, demo, json))


def serve(
    service: Annotated[str, typer.Argument(help=", ".join(SERVICES))],
    host: Host = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(help="Port; default 8001 to 8004 in the order above.", show_default=False),
    ] = None,
) -> None:
    """Run one service of the distributed mode, told by the environment (see .env.example).

    **Example:** redress serve intake --host 0.0.0.0 --port 8001
    """
    one_of(service, SERVICES, "service")
    import uvicorn

    from deploy.cli.doors import doors
    from deploy.cli.leaving import dump_nothing, temporary_folder
    from deploy.cli.memory import look_seldom
    from shared.runtime.patient import Patient

    try:
        application = import_module(f"services.{service}.main").app()
    except ValueError as error:
        say.fail(str(error))
    config = uvicorn.Config(
        application,
        host=host,
        port=port or PORTS[service],
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # we read them ourselves, behind the configured hops only
        http=Patient,
        timeout_graceful_shutdown=20,
    )
    server = uvicorn.Server(config)
    look_seldom()
    dump_nothing()
    with temporary_folder(settings(None)), suppress(KeyboardInterrupt):
        server.run(sockets=doors(config.bind_socket()))
    if not server.started:
        raise typer.Exit(NOT_STARTED)
