"""Commands that look after an installation: status, dead letters, figures anew, a check-up."""

import asyncio
from typing import Annotated
from uuid import UUID

import typer

from deploy.cli import say
from deploy.cli.commands.options import Data, Json, one_of, settings
from shared.sisters import SERVICES


def register(app: typer.Typer) -> None:
    app.command()(status)
    app.command()(replay)
    app.command()(rebuild)
    app.command()(doctor)


def status(data: Data = None, json: Json = False) -> None:
    """How everything is doing: what waits, what lags, what failed, versions, migrations.

    1 where something is wrong, or nothing runs; what the files say is told then.

    **Example:** redress status --json
    """
    from deploy.cli.reach import ask
    from deploy.cli.watching import is_silent, wrong_in

    common = settings(data)
    facts = asyncio.run(ask(common, "status"))
    if json:
        say.facts_as_json(facts)
    elif not is_silent(facts):
        for name, service in facts["services"].items():
            say.show_table([name, ""], say.flat(service))
        say.say(f"{facts['mode']}, version {facts['version']}")
    if wrong := wrong_in(facts, common.data):
        for line in wrong:
            say.complain(line)
        raise typer.Exit(say.WRONG)


def replay(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Only these dead letters.", show_default=False)
    ] = None,
    service: Annotated[
        str | None, typer.Option(help="Only this service's.", show_default=False)
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Act on dead letters again: all that wait, or those named.

    **Example:** redress replay --service mediation
    """
    if service is not None:
        one_of(service, SERVICES, "service")
    for one in ids or ():
        try:
            UUID(one)
        except ValueError as error:
            raise typer.BadParameter(f"{one} is no id of a dead letter") from error
    from deploy.cli.reach import ask

    counts = asyncio.run(ask(settings(data), "replay", {"service": service, "ids": ids or []}))
    if json:
        say.facts_as_json(counts)
    else:
        for name, one in counts.items():
            say.say(f"{name}: {one['went']} went, {one['failed']} still fail")
    if any(one["failed"] for one in counts.values()):
        raise typer.Exit(say.WRONG)


def rebuild(
    what: Annotated[str, typer.Argument(help="analytics")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Make the facts behind the figures anew from everything that was said.

    **Example:** redress rebuild analytics
    """
    one_of(what, ("analytics",), "thing to rebuild")
    from deploy.cli.reach import ask

    with say.counting("analytics") as counted:
        done = asyncio.run(ask(settings(data), "rebuild", progress=counted))
    if json:
        say.facts_as_json(done)
    else:
        say.say(f"The facts were made anew from {done['events']} events.")


def doctor(data: Data = None, json: Json = False) -> None:
    """Look at the machine and the installation, and say what is missing and what to do.

    **Example:** redress doctor
    """
    from deploy.cli.examining import examine

    findings = asyncio.run(examine(settings(data)))
    if json:
        say.facts_as_json([one.as_json() for one in findings])
    else:
        rows = ([one.mark, one.what, one.found] for one in findings)
        say.show_table(["", "what", "found"], rows)
    if any(one.wrong for one in findings):
        raise typer.Exit(say.WRONG)
