"""`cluster.json`: what is running, for whoever asks. Nothing secret is in it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.cluster.identity import same


def write(file: Path, facts: Mapping[str, object]) -> None:
    """Replace it in one piece: a reader never sees half of it."""
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
    fresh.replace(file)


def read(file: Path) -> dict[str, Any]:
    """What was noted last; nothing where there never was a cluster."""
    if not file.is_file():
        return {}
    kept: dict[str, Any] = json.loads(file.read_text())
    return kept


def supervised(facts: Mapping[str, Any]) -> bool:
    """Whether the supervisor that wrote this is still there."""
    noted = facts.get("supervisor")
    return noted is not None and same(noted["pid"], noted["born"]) and noted["pid"] != os.getpid()
