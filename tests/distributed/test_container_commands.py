"""The commands that containers run, as processes of this machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = ("REDRESS_", "INTAKE_", "MEDIATION_", "NOTIFICATION_", "ANALYTICS_", "POSTGRES_")


def run(folder: Path, told: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m ...` in a folder without .env, told these settings and no others."""
    around = {
        name: text
        for name, text in os.environ.items()  # noqa: TID251 - a child's environment, no setting
        if not name.startswith(SETTINGS)
    }
    return subprocess.run(  # noqa: S603 - the arguments are our own
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**around, "PYTHONPATH": str(ROOT), **told},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("told", [{}, {"REDRESS_PUBLIC_URL": ""}])
def test_a_service_does_not_start_without_the_address_that_letters_print(
    tmp_path: Path, told: dict[str, str]
) -> None:
    database = {"INTAKE_DATABASE_URL": "postgresql+asyncpg://intake:x@127.0.0.1:1/intake"}
    done = run(tmp_path, {**database, **told}, "deploy.cli", "serve", "intake", "--port", "1")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "REDRESS_PUBLIC_URL is not set. Letters and receipts print it: set it to the address "
        "people type, such as REDRESS_PUBLIC_URL=https://complaints.example.cn\n"
    )
    assert list(tmp_path.iterdir()) == []
