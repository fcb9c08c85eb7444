"""Commands that bring complaints in: spreadsheets, and fictitious ones."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli import say
from deploy.cli.commands.options import Data, Json, Lang, settings


def register(app: typer.Typer) -> None:
    app.command("import")(import_)
    app.command()(demo)


def import_(
    file: Annotated[Path, typer.Argument(help="xlsx or csv (UTF-8 or GB18030).")],
    map_: Annotated[
        str, typer.Option("--map", help="A shipped map (mayor-mailbox, ledger) or a YAML file.")
    ],
    data: Data = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every row, keep nothing.")
    ] = False,
    errors: Annotated[
        Path | None,
        typer.Option(help="Write the rows a person must look at (.csv or .xlsx).", metavar="FILE"),
    ] = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Bring rows in as complaints, through the same checks as the API.

    Each row is taken once: run it again after an interruption or a correction, and the rows that
    are there already are counted as known.

    **Example:** redress import ledger.xlsx --map ledger --dry-run --errors look-at.xlsx
    """
    from deploy.cli.importing import Asked, run_import
    from deploy.cli.words import language_of
    from deploy.imports.problems import MapRefusedError
    from shared.sheets.problems import ImportRefusedError

    common = settings(data)
    language = language_of(common, lang)
    asked = Asked(file, map_, dry_run, errors, language)
    try:
        done = asyncio.run(run_import(common, asked))
    except ImportRefusedError as error:
        code = say.USAGE if isinstance(error, MapRefusedError) else say.WRONG
        say.fail(error.remark.in_words(language), code)
    for line in done.remarks(language):
        say.complain(line)
    if json:
        say.facts_as_json(done.as_json())
    else:
        say.say(done.line())
    if done.tally.refused:
        raise typer.Exit(say.WRONG)


def demo(
    complaints: Annotated[
        int, typer.Option(help="How many fictitious complaints to make.", min=0)
    ] = 300,
    seed: Annotated[int, typer.Option(help="The same seed makes the same complaints.")] = 2026,
    remove: Annotated[bool, typer.Option("--remove", help="Take all of them out again.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make believable fictitious complaints in every state, in a body of their own.

    **Example:** redress demo --complaints 10000 --seed 7
    """
    from deploy.cli.reach import ask

    common = settings(data)
    if remove:
        with say.counting("demo") as counted:
            done = asyncio.run(ask(common, "demo-remove", progress=counted))
    else:
        asked = {"complaints": complaints, "seed": seed}
        with say.counting("demo") as counted:
            done = asyncio.run(ask(common, "demo", asked, counted))
    if json:
        say.facts_as_json(done)
    elif remove:
        say.say(f"{done['removed']} fictitious complaints were removed.")
    else:
        say.say(f"{done['made']} fictitious complaints in {done['seconds']:.1f} s.")
