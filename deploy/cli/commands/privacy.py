"""Commands about the rights of persons: copies, and erasures that a backup undid."""

import asyncio
from base64 import b64decode
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Literal

import typer

from deploy.cli import say
from deploy.cli.commands.options import Data, Json, settings
from deploy.cli.fresh import fresh_file


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="The rights of persons (个人信息权利).", no_args_is_help=True)
    group.command()(copy)
    group.command()(reapply)
    app.add_typer(group, name="privacy")


def copy(
    checked: Annotated[
        str, typer.Option(help="How the identity of who asks was checked; it is noted.")
    ],
    name: Annotated[
        str, typer.Option(help="Their name; it must agree. Asked for if not given here.")
    ] = "",
    phone: Annotated[
        str, typer.Option(help="Their telephone; it finds them. Asked for as well.")
    ] = "",
    id_number: Annotated[
        str, typer.Option(help="Their identity number, once checked; it finds them as well.")
    ] = "",
    language: Annotated[
        Literal["zh", "en"], typer.Option("--lang", help="The language of the copy.")
    ] = "zh",
    out: Annotated[Path, typer.Option(help="The archive; of several bodies: -2, -3 …")] = Path(
        "copy.zip"
    ),
    data: Data = None,
    json: Json = False,
) -> None:
    """Everything about one person, as an archive for that person; others' data are masked.

    Name, telephone and identity number are asked for, or read from the standard input, a line each:
    what stands on a command line, others read in the list of processes and in the shell's history.
    Without a new file to write to, nothing is asked and nothing is noted as given.

    **Example:** redress privacy copy --checked 当面看了身份证
    """
    from deploy.cli.reach import ask

    common = settings(data)
    with ExitStack() as kept:
        bodies = len(common.organisations.known)
        opened = {path: kept.enter_context(fresh_file(path)) for path in places(out, bodies)}
        asked = who_is_meant(name, phone, id_number) | {"checked": checked, "language": language}
        with say.counting("cases") as counted:
            archives = asyncio.run(ask(common, "privacy-copy", asked, counted))["archives"]
        files = places(out, len(archives))
        for path, archive in zip(files, archives, strict=True):
            file = opened.pop(path, None) or kept.enter_context(fresh_file(path))
            file.write(b64decode(archive))
    for path in opened:
        path.unlink()
    if json:
        say.facts_as_json({"files": [str(one) for one in files]})
    else:
        for one in files:
            say.say(f"{one}: hand it over to the person, then delete it.")


def places(out: Path, many: int) -> list[Path]:
    """Where the archives of so many bodies go: copy.zip, copy-2.zip, copy-3.zip."""
    more = (out.with_name(f"{out.stem}-{at}{out.suffix}") for at in range(2, many + 1))
    return [out, *more][:many]


def who_is_meant(name: str, phone: str, id_number: str) -> dict[str, str]:
    """Who the copy is about; what the command line does not say is asked for. Raises Abort."""
    name = name or typer.prompt("Name", err=True)
    if not phone and not id_number:
        phone = typer.prompt("Telephone (empty: none)", "", show_default=False, err=True)
        id_number = typer.prompt("Identity number (empty: none)", "", show_default=False, err=True)
    return {"name": name.strip(), "phone": phone.strip(), "id_number": id_number.strip()}


def reapply(data: Data = None, json: Json = False) -> None:
    """Erase again whatever the ledger of erasures knows, in all services.

    After each start this is done for what intake's database had brought back; run it yourself
    after the database of another service was restored.

    **Example:** redress privacy reapply
    """
    from deploy.cli.reach import ask

    done = asyncio.run(ask(settings(data), "privacy-reapply"))
    if json:
        say.facts_as_json(done)
    else:
        say.say(f"Erased again: {done['erased']}.")
