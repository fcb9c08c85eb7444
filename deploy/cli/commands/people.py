"""Commands about roles, units, and spreadsheets of both."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli import say
from deploy.cli.commands.options import Data, Json, Lang, settings

Name = Annotated[str, typer.Argument(help="What they log in with.")]
Role = Annotated[str, typer.Argument(help="mediator, leader, statistician, administrator, ...")]
Body = Annotated[str, typer.Option(help="Code of a body, or all; default: the first one.")]
Unit = Annotated[str, typer.Option(help="Code of a unit of that body; default: the body itself.")]
File = Annotated[Path, typer.Argument(help="xlsx or csv (UTF-8 or GB18030).")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check every row, keep nothing.")]
SHOWN = 50
"""Rows that are explained on the console; --json has all of them."""


def add_to_staff(group: typer.Typer) -> None:
    """The commands of `redress staff` that are about roles, lists and files."""
    group.command()(grant)
    group.command()(revoke)
    group.command("list")(list_staff)
    group.command("import")(import_staff)


def register(app: typer.Typer) -> None:
    units = typer.Typer(help="Units of an organisation (部门).", no_args_is_help=True)
    units.command("list")(list_units)
    units.command("import")(import_units)
    app.add_typer(units, name="units")


def grant(
    name: Name,
    role: Role,
    body: Body = "",
    unit: Unit = "",
    from_: Annotated[str, typer.Option("--from", help="First day; default: today.")] = "",
    to: Annotated[str, typer.Option(help="Last day; default: until it is taken away.")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Give somebody a role in a body or in one of its units.

    **Example:** redress staff grant lin leader --unit sn --to 2026-12-31
    """
    asked = {"name": name, "role": role, "body": body, "unit": unit, "from": from_, "to": to}
    told(run("staff-grant", asked, data), f"{name} holds {role}.", as_json=json)


def revoke(
    name: Name,
    role: Role,
    body: Body = "",
    unit: Unit = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Take a role away, from now on.

    **Example:** redress staff revoke lin leader --unit sn
    """
    asked = {"name": name, "role": role, "body": body, "unit": unit}
    told(run("staff-revoke", asked, data), f"{name} does not hold {role} any more.", as_json=json)


def list_staff(
    ended: Annotated[bool, typer.Option("--ended", help="Those whose account is over.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Who works here, with the roles they hold today.

    **Example:** redress staff list
    """
    done = run("staff-list", {"ended": ended}, data)
    if json:
        say.facts_as_json(done)
        return
    rows = [
        (one["name"], one["display"], one["body"] or "all", one["unit"], ", ".join(one["roles"]))
        for one in done["items"]
    ]
    say.show_table(("account", "name", "body", "unit", "roles"), rows)


def list_units(body: Body = "", data: Data = None, json: Json = False) -> None:
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


def import_staff(
    file: File,
    body: Body = "",
    dry_run: DryRun = False,
    passwords: Annotated[
        Path | None,
        typer.Option(help="Where the one-time passwords go; default: FILE.passwords.csv."),
    ] = None,
    lang: Lang = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Bring people and their roles in. The same file again changes nothing.

    Columns: 账号 name, 姓名 display, 部门代码 unit, 角色 roles (、 or ;), 电话 phone,
    生效日期 from, 失效日期 to. New accounts get one-time passwords, in a file only you can read.

    **Example:** redress staff import people.xlsx --dry-run
    """
    kept = passwords or file.with_name(file.name + ".passwords.csv")
    if not dry_run and kept.exists():
        say.fail(f"{kept} is there already. Hand its passwords out and delete it first.")
    asked = {"body": body, "dry_run": dry_run}
    done = brought("staff-import", file, asked, (lang, data))
    if done["passwords"]:
        keep(kept, done.pop("passwords"))
        done["passwords_file"] = str(kept)
    show(done, as_json=json)


def import_units(
    file: File,
    body: Body = "",
    dry_run: DryRun = False,
    lang: Lang = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Bring a tree of units in, in any order. The same file again changes nothing.

    Columns: 代码 code, 名称 name, 上级代码 parent, 行政区划 region.

    **Example:** redress units import units.csv --dry-run
    """
    asked = {"body": body, "dry_run": dry_run}
    show(brought("units-import", file, asked, (lang, data)), as_json=json)


def brought(operation: str, file: Path, asked: dict[str, Any], around: tuple[Any, Data]) -> Any:
    """Read the file here and hand its lines to whoever has the data."""
    from deploy.cli.reach import ask
    from deploy.cli.words import language_of
    from services.mediation.use_cases.people.importing import (
        STAFF_COLUMNS,
        UNIT_COLUMNS,
        lines_of,
    )
    from shared.sheets import open_sheet

    common = settings(around[1])
    columns = STAFF_COLUMNS if operation == "staff-import" else UNIT_COLUMNS
    lines = lines_of(open_sheet(file), columns)
    said = {"lines": [one.as_json() for one in lines], "language": language_of(common, around[0])}
    with say.counting(file.name) as counted:
        return asyncio.run(ask(common, operation, asked | said, counted))


def keep(path: Path, passwords: list[tuple[str, str, str]]) -> None:
    """One-time passwords in a file that only its owner can read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig") as file:
        file.writelines(f"{','.join(line)}\n" for line in [("账号", "姓名", "密码"), *passwords])


def show(done: dict[str, Any], *, as_json: bool) -> None:
    """Say what became of the rows; 1 where some were left out."""
    if as_json:
        say.facts_as_json(done)
    else:
        rows = [one for one in done["rows"] if one["outcome"] != "same"]
        for one in rows[:SHOWN]:
            line = f"row {one['row']} {one['key']}: {one['outcome']} {'; '.join(one['remarks'])}"
            (say.complain if one["outcome"] == "refused" else say.say)(line)
        if more := len(rows) - SHOWN:
            say.say(f"... and {more} more rows (--json has all)." if more > 0 else "")
        counts = ", ".join(f"{name} {done[name]}" for name in COUNTS)
        say.say(counts + (" (dry run: nothing was kept)" if done["dry_run"] else ""))
        if "passwords_file" in done:
            say.say(f"One-time passwords: {done['passwords_file']}. Hand them out, then delete it.")
    if done["refused"]:
        raise typer.Exit(say.WRONG)


COUNTS = ("read", "new", "changed", "same", "refused")


def told(done: Any, line: str, *, as_json: bool) -> None:
    if as_json:
        say.facts_as_json(done)
    else:
        say.say(line)


def run(operation: str, asked: dict[str, Any], data: Data) -> Any:
    from deploy.cli.reach import ask

    return asyncio.run(ask(settings(data), operation, asked))
