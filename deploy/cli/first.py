"""The first start of a folder: accounts, demonstration data, and what is said about them once."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.cli import say
from deploy.cli.accounts import Account, first_accounts
from deploy.cli.errors import CannotError
from deploy.cli.letters import lacking
from deploy.cli.operations import demo as load_demo
from shared.runtime.embedded import Embedded

DEMO_COMPLAINTS = 300
DEMO_SEED = 2026


@dataclass(frozen=True)
class First:
    """What this start made."""

    key: Path | None = None
    """The key file, if it was made just now."""
    accounts: list[Account] = field(default_factory=list)
    passwords: Path | None = None
    """Where the one-time passwords are kept."""
    demo: int = 0
    letters: list[str] = field(default_factory=list)
    """What letters lack, and how it is set."""


async def first_start(platform: Embedded, *, demo: bool, made_key: bool) -> First:
    """Make what is missing; harmless when repeated."""
    common = platform.common
    accounts = await first_accounts(platform.running["mediation"].database, demo=demo)
    passwords = keep_passwords(common.key_path, accounts) if accounts else None
    loaded = 0
    if demo:
        asked = {"complaints": DEMO_COMPLAINTS, "seed": DEMO_SEED}
        loaded = (await load_demo(platform, asked, say.nobody_watches))["made"]
    key = common.key_path if made_key else None
    return First(key, accounts, passwords, loaded, lacking(common))


def keep_passwords(key: Path, accounts: list[Account]) -> Path:
    """One-time passwords in a file beside the key that only its owner can read."""
    path = key.with_name(key.stem + ".passwords.txt")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.writelines(f"{one.name}\t{one.password}\t{one.about}\n" for one in accounts)
    if path.stat().st_mode & 0o077:
        raise CannotError(f"{path} can be read by others; delete it and start again.")
    return path


def print_first(first: First, address: str, *, as_json: bool) -> None:
    """Say where it runs and, once, what was made."""
    if as_json:
        say.facts_as_json(facts_of(first, address))
        return
    if first.key is not None:
        say.say(
            f"A key was made: {first.key.resolve()}\n"
            "  Personal data are encrypted with it. Back it up, apart from the data: without it "
            "nobody can read them."
        )
    if first.accounts:
        say_accounts(first.accounts)
        say.say(f"  Shown this once; also in {first.passwords}. Delete that file after use.")
    if first.demo:
        say.say(
            f"{first.demo} fictitious complaints were loaded; `redress demo --remove` ends that."
        )
    for line in first.letters:
        say.say(line)
    say.say(
        f"Redress (和解通) is ready: {address}/\n"
        f"  staff {address}/mediation/cases   figures {address}/analytics/\n"
        "  Ctrl-C stops it."
    )


def say_accounts(accounts: list[Account]) -> None:
    """The first accounts with their one-time passwords."""
    say.say("First accounts (each must choose a password of its own at the first log-in):")
    for one in accounts:
        say.say(f"  {one.name:<12} {one.password:<16} {one.about}")


def facts_of(first: First, address: str) -> dict[str, Any]:
    return {
        "address": address,
        "key_made": str(first.key) if first.key else None,
        "accounts": [one.as_json() for one in first.accounts],
        "passwords_file": str(first.passwords) if first.passwords else None,
        "demo_complaints": first.demo,
        "letters_lack": first.letters,
    }
