"""The shipped rule packs, read once and checked."""

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from services.mediation.domain.pack_file import BrokenPackError, pack_of
from services.mediation.domain.rule_pack import NoSuchPackError, Pack, in_force, overlaps
from shared.trail.changes import Told, pack_told

FOLDER = Path(__file__).parents[1] / "packs"
ASSOCIATION = "association"


@cache
def packs() -> tuple[Pack, ...]:
    """All packs. Raises BrokenPackError: a service with a broken pack does not start."""
    found = tuple(
        pack_of(yaml.safe_load(file.read_text("utf-8"))) for file in sorted(FOLDER.glob("*.yaml"))
    )
    if faults := overlaps(found):
        raise BrokenPackError("packs", faults)
    return found


def packs_told() -> list[Told]:
    """The packs that are applied, each with its version and the hash of its file, for the trail."""
    return [
        pack_told(
            file.stem,
            {
                "pack": f"{pack.id}@{pack.version}",
                "valid_from": pack.valid_from.isoformat(),
                "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            },
        )
        for file, pack in zip(sorted(FOLDER.glob("*.yaml")), packs(), strict=True)
    ]


def pack_for(received_on: date) -> Pack:
    """The pack a new case is opened under; what is older than every pack goes by the oldest."""
    oldest = min(one.valid_from for one in packs() if one.id == ASSOCIATION)
    return in_force(packs(), ASSOCIATION, max(received_on, oldest))


def pack_named(name: str, day: date) -> Pack:
    """A pack by its name, as in force on a day. Raises NoSuchPackError, NoPackValidError."""
    return in_force(packs(), name, day)


@cache
def pack_of_case(name: str, version: int) -> Pack:
    """The pack and version a case was opened under. Raises NoSuchPackError."""
    for one in packs():
        if (one.id, one.version) == (name, version):
            return one
    raise NoSuchPackError("没有名为「{pack}」的规则包。", pack=f"{name}@{version}")
