"""A key that somebody leaves in the source is found by `.ci/secrets`, which `make check` runs."""

import secrets
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLANTED = {
    "AWS Access Key": "key = '" + "AKIA" + "QWERTYUIOPASDFGH'",
    "Private Key": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "JSON Web Token": "t = '" + "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxIn0." + "c2lnbmF0dXJl'",
    "GitHub Token": "t = '" + "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'",
    "Basic Auth Credentials": "url = 'https://root:" + "hunter2@" + "db.intern/'",
    "Hex High Entropy String": f"key = '{secrets.token_hex(32)}'",
}


def scan(*files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the program is our own
        [ROOT / ".ci" / "secrets", *files], capture_output=True, text=True, check=False, cwd=ROOT
    )


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_key_is_found(tmp_path: Path, kind: str) -> None:
    planted = tmp_path / "settings.py"
    planted.write_text(PLANTED[kind] + "\n")
    found = scan(planted)
    assert found.returncode == 1
    assert f"Secret Type: {kind}" in found.stdout
    assert str(planted) in found.stdout


def test_a_file_without_keys_passes(tmp_path: Path) -> None:
    fine = tmp_path / "settings.py"
    fine.write_text('"""What can be told."""\nHOST = "127.0.0.1"\npassword = read()\n')
    assert scan(fine).returncode == 0


def test_the_check_runs_it_and_the_audit_stays_apart() -> None:
    made = (ROOT / "Makefile").read_text()
    check = made.split("\ncheck:")[1].split("\n\n")[0]
    assert "\t.ci/secrets\n" in check
    assert "audit" not in check
