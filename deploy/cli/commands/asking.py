"""What commands about people and units share: how a body is named, asking, saying."""

import asyncio
from typing import Annotated, Any

import typer

from deploy.cli import say
from deploy.cli.commands.options import Data, settings

Name = Annotated[str, typer.Argument(help="What they log in with.")]
Body = Annotated[str, typer.Option(help="Code of a body; default: the first one; all: every body.")]
OneBody = Annotated[str, typer.Option("--body", help="Code of a body; default: the first one.")]
Unit = Annotated[str, typer.Option(help="Code of a unit of that body; default: the body itself.")]


def told(done: Any, line: str, *, as_json: bool) -> None:
    if as_json:
        say.facts_as_json(done)
    else:
        say.say(line)


def run(operation: str, asked: dict[str, Any], data: Data) -> Any:
    from deploy.cli.reach import ask

    return asyncio.run(ask(settings(data), operation, asked))
