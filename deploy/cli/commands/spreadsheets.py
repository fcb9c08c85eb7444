"""Commands that bring people and units in from a spreadsheet."""

import asyncio
import csv
import io
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from deploy.cli import say
from deploy.cli.commands.asking import Body, OneBody
from deploy.cli.commands.options import Data, Json, Lang, settings
from deploy.cli.fresh import fresh_file

File = Annotated[Path, typer.Argument(help="xlsx or csv (UTF-8 or GB18030).")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check every row, keep nothing.")]
SHOWN = 50
"""Rows that are explained on the console; --json has all of them."""


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
    生效日期 from, 失效日期 to. New accounts get one-time passwords, in a file only you can read;
    without such a file no account is made.

    **Example:** redress staff import people.xlsx --dry-run
    """
    path = passwords or file.with_name(file.name + ".passwords.csv")
    asked = {"body": body, "dry_run": dry_run}
    with ExitStack() as kept:
        opened, nowhere = (None, "") if dry_run else place_for(path, kept)
        done = brought("staff-import", file, asked | {"nowhere": nowhere}, (lang, data))
        if opened is not None:
            write(opened, done["passwords"])
    if done["passwords"]:
        done["passwords_file"] = str(path)
    elif opened is not None:
        path.unlink()
    del done["passwords"]
    show(done, as_json=json)


def place_for(path: Path, kept: ExitStack) -> tuple[BinaryIO | None, str]:
    """The new file for one-time passwords; else why there is none, for when somebody needs one."""
    try:
        return kept.enter_context(fresh_file(path)), ""
    except FileExistsError:
        why = f"{path} is there already. Hand its passwords out and delete it first."
    except OSError as error:
        why = f"{path} cannot be written: {error.strerror or error}."
    return None, f"{why} Nothing was imported."


def write(file: BinaryIO, passwords: list[tuple[str, str, str]]) -> None:
    """Who logs in with which password, once, as spreadsheets read it: UTF-8 with its mark."""
    from shared.sheets.formulas import harmless

    lines = [("账号", "姓名", "密码"), *passwords]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([map(harmless, line) for line in lines])
    file.write(text.getvalue().encode("utf-8-sig"))


def import_units(
    file: File,
    body: OneBody = "",
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


def show(done: dict[str, Any], *, as_json: bool) -> None:
    """Say what became of the rows; 1 where some were left out."""
    if as_json:
        say.facts_as_json(done)
    else:
        rows = [one for one in done["rows"] if one["outcome"] != "same"]
        for one in rows[:SHOWN]:
            line = f"row {one['row']} {one['key']}: {one['outcome']} {'; '.join(one['remarks'])}"
            (say.complain if one["outcome"] == "refused" else say.say)(line)
        if (more := len(rows) - SHOWN) > 0:
            say.say(f"... and {more} more rows (--json has all).")
        counts = ", ".join(f"{name} {done[name]}" for name in COUNTS)
        say.say(counts + (" (dry run: nothing was kept)" if done["dry_run"] else ""))
        if "passwords_file" in done:
            say.say(f"One-time passwords: {done['passwords_file']}. Hand them out, then delete it.")
    if done["refused"]:
        raise typer.Exit(say.WRONG)


COUNTS = ("read", "new", "changed", "same", "refused")
