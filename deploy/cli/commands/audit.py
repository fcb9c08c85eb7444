"""Commands about the trail: whether it is whole, and its end, signed, to be given away."""

import asyncio
import json as spelling
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli import say
from deploy.cli.commands.options import Data, Json, one_of, settings
from deploy.cli.errors import WrongUsageError
from shared.sisters import SERVICES

WHY = {
    "missing": "this row is gone",
    "public": "what stands in the open was changed",
    "values": "what is sealed is not what was said, or the row got another id",
    "emptied": "what was sealed is gone, and no erasure of it was noted",
    "previous": "it was bound to another row",
    "inserted": "this row was added behind the end",
    "head": "the noted end is not this row's, or was not written by us",
    "headless": "the noted end of this chain is gone",
    "checkpoint": "what lay under this checkpoint was changed, or the checkpoint was",
    "ahead": "no checkpoint covers this row: a clock was set back (this is gone once it has caught "
    "up and the next checkpoint is set), or somebody moved the row out of reach",
    "signed": "this is not what was signed and given away",
    "otherwise": "the letter is not what this row, the last to speak of it, says",
}
"""Reasons of `shared.trail.chain.Break`."""


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="The trail of everything that was done.", no_args_is_help=True)
    group.command()(verify)
    group.command()(head)
    group.command()(key)
    app.add_typer(group, name="audit")


def verify(
    service: Annotated[
        str | None, typer.Option(help="Only this service's.", show_default=False)
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            help="A signed head (redress audit head): all of it must still be there.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Follow every chain and every checkpoint: intact, or the rows where it breaks.

    **Example:** redress audit verify --against head-2026-06.json
    """
    if service is not None:
        one_of(service, SERVICES, "service")
    from deploy.cli.reach import ask

    asked = {"service": service, "against": document_in(against) if against else None}
    with say.counting("audit") as counted:
        found = asyncio.run(ask(settings(data), "audit-verify", asked, counted))
    if json:
        say.facts_as_json(found)
    else:
        show(found["services"])
    if not found["intact"]:
        say.fail("The trail is BROKEN: it is not what was written.")
    if not json:
        say.say("The trail is intact.")


def document_in(path: Path) -> Any:
    """The signed head in a file. Raises WrongUsageError where it is no JSON."""
    try:
        return spelling.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise WrongUsageError(f"{path} is no JSON document.") from error


def show(services: dict[str, Any]) -> None:
    """What was looked at, since which day in Shanghai, and each break with its row and reason."""
    rows = [
        [
            name,
            *(str(one[what]) for what in ("chains", "rows", "checkpoints")),
            say.local(one["since"])[:10],
            str(len(one["breaks"])),
        ]
        for name, one in services.items()
    ]
    say.show_table(["service", "chains", "rows", "checkpoints", "since", "breaks"], rows)
    breaks = [
        [name, one["log"], one["chain"], str(one["seq"]), one["why"], WHY[one["why"]]]
        for name, found in services.items()
        for one in found["breaks"]
    ]
    if breaks:
        say.show_table(["service", "log", "chain", "row", "why", ""], breaks)


def head(
    out: Annotated[Path, typer.Option(help="A new file; give it to somebody outside.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Sign where every service's trail ends now, so that nobody can rewrite history unseen.

    **Example:** redress audit head --out head-2026-06.json
    """
    from deploy.cli.reach import ask

    with out.open("x", encoding="utf-8") as file:
        try:
            made = asyncio.run(ask(settings(data), "audit-head"))
        except BaseException:
            out.unlink()
            raise
        file.write(spelling.dumps(made, ensure_ascii=False, indent=1) + "\n")
    if json:
        say.facts_as_json(made)
    else:
        say.say(f"{out}: signed with the key {made['key_id']}. Give it to somebody outside.")


def key(data: Data = None, json: Json = False) -> None:
    """The public key that signed heads are checked with. Note it down outside.

    **Example:** redress audit key
    """
    from shared.runtime.keys import vault_of
    from shared.trail.signing import public_key

    known = public_key(vault_of(settings(data)))
    if json:
        say.facts_as_json(known)
    else:
        say.say(f"{known['key_id']}  Ed25519  {known['public_key']}")
