"""Commands about units."""

import typer

from deploy.cli import say
from deploy.cli.commands import spreadsheets
from deploy.cli.commands.asking import OneBody, run
from deploy.cli.commands.options import Data, Json


def register(app: typer.Typer) -> None:
    units = typer.Typer(help="Units of an organisation (部门).", no_args_is_help=True)
    units.command("list")(list_units)
    units.command("import")(spreadsheets.import_units)
    app.add_typer(units, name="units")


def list_units(body: OneBody = "", data: Data = None, json: Json = False) -> None:
    """The tree of units of a body.

    **Example:** redress units list
    """
    done = run("units-list", {"body": body}, data)
    if json:
        say.facts_as_json(done)
        return
    rows = [
        (
            "  " * (one["level"] - 1) + one["code"],
            one["name"],
            one["region"],
            str(one["people"]),
            str(one["open_cases"]),
            "ended" if one["ended"] else "",
        )
        for one in done["items"]
    ]
    say.show_table(("code", "name", "region", "people", "open cases", ""), rows)
