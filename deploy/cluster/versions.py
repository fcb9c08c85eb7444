"""Which versions of everything are running."""

import platform
import re
import subprocess
from importlib import metadata

from deploy.cluster.machine import Machine
from deploy.front import nginx
from deploy.kafka import VERSION, java


def versions(machine: Machine) -> dict[str, str]:
    return {
        "redress": _own(),
        "python": platform.python_version(),
        "postgresql": machine.postgres.version(),
        "kafka": VERSION,
        "java": _said([java(), "-version"], r'version "([^"]+)"'),
        "nginx": _said([nginx(), "-v"], r"nginx/(\S+)"),
    }


def _own() -> str:
    try:
        return metadata.version("redress")
    except metadata.PackageNotFoundError:
        return "not installed"


def _said(command: list[str], pattern: str) -> str:
    done = subprocess.run(  # noqa: S603 - the arguments are our own
        command, capture_output=True, text=True, check=False
    )
    found = re.search(pattern, done.stdout + done.stderr)
    return found[1] if found else "unknown"
