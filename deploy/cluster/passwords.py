"""The passwords of the four databases: made once, readable by their owner only."""

import json
import os
import secrets
from pathlib import Path

from shared.sisters import SERVICES


def passwords(file: Path) -> dict[str, str]:
    """The password of each service's database user."""
    if not file.is_file():
        made = {name: secrets.token_urlsafe(24) for name in SERVICES}
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(json.dumps(made) + "\n")
    kept: dict[str, str] = json.loads(file.read_text())
    return kept
