"""Commands about the keys of the personal data."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli import say
from deploy.cli.commands.options import Data, Json, settings


def register(app: typer.Typer) -> None:
    keys = typer.Typer(help="The keys of the personal data (密钥).", no_args_is_help=True)
    keys.command("show")(show)
    keys.command("rotate")(rotate)
    keys.command("next")(following)
    app.add_typer(keys, name="keys")


def show(data: Data = None, json: Json = False) -> None:
    """Which keys there are, when they were made, and how much each of them still seals.

    Times are those of Shanghai; --json has them in UTC.

    **Example:** redress keys show
    """
    from deploy.cli.reach import ask

    facts = asyncio.run(ask(settings(data), "keys"))
    if json:
        say.facts_as_json(facts)
    else:
        table(facts["keys"])
    if facts["unknown"]:
        say.fail(f"{facts['unknown']} values were sealed with a key that is not among these.")


def table(known: Sequence[say.Facts]) -> None:
    """Each key in a line."""
    rows = (
        [
            one["id"],
            "active" if one["active"] else "to be given up",
            one["cipher"],
            say.local(one["made_at"]),
            str(one["values"]),
        ]
        for one in known
    )
    say.show_table(["key", "", "cipher", "made", "values it seals"], rows)


def rotate(data: Data = None, json: Json = False) -> None:
    """Make the next key and seal everything anew with it, while everything goes on running.

    It can be broken off at any point and goes on where it was when it is called again. The old key
    is given up once nothing hangs on it any more.

    **Example:** redress keys rotate
    """
    from deploy.cli.reach import ask

    common = settings(data)
    with say.counting("keys") as counted:
        facts = asyncio.run(ask(common, "keys-rotate", progress=counted))
    if json:
        say.facts_as_json(facts)
    else:
        source = common.key_path.resolve() if common.key_source == "file" else common.key_source
        for line in told(facts, str(source)):
            say.say(line)
    if facts["unreadable"] or facts["needed"]:
        raise typer.Exit(say.WRONG)


def told(facts: say.Facts, source: str) -> list[str]:
    """What a rotation came to, in sentences."""
    made = "a key was made" if facts["made"] else "the rotation that was under way went on"
    active = facts["key"]
    lines = [
        f"{active} is the active key ({made}); {facts['renewed']} records were sealed anew.",
        f"Back up the keys now ({source}), apart from the data: from now on {active} is needed.",
    ]
    if facts["retired"]:
        lines.append(
            f"{', '.join(facts['retired'])} is given up: nothing here hangs on it any more. Older "
            "backups of the data still need the keys that were backed up with them."
        )
    elif facts["unreadable"]:
        lines.append(
            f"{facts['unreadable']} values could not be opened with any key and stay as they are; "
            f"{', '.join(facts['kept'])} is kept. redress keys show --json says in which tables."
        )
    elif facts["needed"]:
        lines.append(
            f"{', '.join(facts['needed'])} is kept until the search has its words anew (redress "
            "status says how far it is); then run redress keys rotate again."
        )
    else:
        lines.append(f"Nothing here hangs on {', '.join(facts['kept'])} any more: take it out.")
    return lines


def following(
    file: Annotated[Path, typer.Argument(help="A new file for the document.")],
    data: Data = None,
) -> None:
    """Write the keys with one more, the active one, for a source that redress cannot write to.

    Put the document where REDRESS_KEYS or REDRESS_KEY_COMMAND takes it from, start all services
    again, run redress keys rotate, and then take the old key out of the document.

    **Example:** redress keys next /run/secrets/redress-keys.json
    """
    from shared.clock import system_clock
    from shared.runtime.keys import provider_of
    from shared.vault import FileKeys

    common = settings(data)
    ring = provider_of(common).load().with_next(common.cipher, system_clock())
    FileKeys(file).create(ring)
    say.say(f"{file.resolve()} holds the keys, with {ring.active} as the active one (mode 600).")
