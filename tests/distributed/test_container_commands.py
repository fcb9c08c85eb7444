"""The commands that containers run, as processes of this machine."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from shared.sisters import SERVICES
from tests.brokers import some_kafka
from tests.databases import postgres_server

ROOT = Path(__file__).parents[2]
SETTINGS = ("REDRESS_", "INTAKE_", "MEDIATION_", "NOTIFICATION_", "ANALYTICS_", "POSTGRES_")

PASSWORD = r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}"


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


@pytest.mark.postgres
@pytest.mark.kafka
def test_the_first_accounts_are_shown_once_and_the_console_makes_more(tmp_path: Path) -> None:
    with postgres_server() as server, some_kafka() as brokers:
        told = told_of(server, brokers, tmp_path)
        first = run(tmp_path, told, "deploy.prepare")
        assert (first.returncode, first.stderr) == (0, "")
        head, admin, lacks = first.stdout.splitlines()
        assert (
            head == "First accounts (each must choose a password of its own at the first log-in):"
        )
        assert re.fullmatch(rf"  admin +{PASSWORD} +administrator of everything \(管理员\)", admin)
        assert lacks.startswith("Letters have no name of your organisation ")
        assert [one.name for one in tmp_path.iterdir()] == ["redress.key"]

        again = run(tmp_path, told, "deploy.prepare")
        assert (again.returncode, again.stdout) == (0, lacks + "\n")

        del told["POSTGRES_ADMIN_URL"]
        lin = run(tmp_path, told, "deploy.cli", "staff", "add", "lin", "--role", "mediator")
        assert re.match(rf"lin {PASSWORD} ", lin.stdout)
        reset = run(tmp_path, told, "deploy.cli", "staff", "reset", "admin")
        assert re.match(rf"admin {PASSWORD} ", reset.stdout)
        demo = run(tmp_path, told, "deploy.cli", "demo", "--complaints", "3")
        assert re.fullmatch(r"3 fictitious complaints in [0-9.]+ s\.\n", demo.stdout)


def told_of(server: str, brokers: str, folder: Path) -> dict[str, str]:
    """What compose tells `prepare`; without the administrator it is what `operator` is told."""
    place = urlsplit(server)
    return {
        "POSTGRES_ADMIN_URL": server,
        "REDRESS_KEY_FILE": str(folder / "redress.key"),
        "REDRESS_KAFKA_SERVERS": brokers,
        "REDRESS_PUBLIC_URL": "https://complaints.example.cn",
        **{
            f"{name.upper()}_DATABASE_URL": (
                f"postgresql+asyncpg://{name}:secret@{place.hostname}:{place.port}/{name}"
            )
            for name in SERVICES
        },
    }
