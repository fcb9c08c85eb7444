"""Keys come from a file, the environment or a command; what is wrong with one is said plainly."""

import base64
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from shared.runtime.keys import make_key_file, provider_of, vault_of
from shared.settings import CommonSettings
from shared.vault import Cipher, CommandKeys, FileKeys, KeyMissingError, given_up, new_ring
from shared.vault.ring import Ring, document, ring_of
from tests.conftest import NOON

RING = new_ring(Cipher.SM4, NOON).with_next(Cipher.AES, NOON)
LATER = given_up(RING).with_next(Cipher.AES, NOON)


def settings(folder: Path, **known: Any) -> CommonSettings:
    return CommonSettings(data=folder / "data", **known)


def program(folder: Path, text: str) -> str:
    """A command that runs this Python text."""
    path = folder / "a key program.py"
    path.write_text(text)
    return f"{sys.executable} '{path}'"


def test_a_document_of_keys_says_all_that_the_ring_says() -> None:
    assert ring_of(document(RING)) == RING
    assert ring_of(document(LATER)) == LATER
    assert (LATER.generations, list(LATER.past)) == (("k2", "k3"), ["k1"])
    assert ring_of(base64.b64encode(document(RING).encode()).decode()) == RING


def test_the_first_form_of_the_document_is_still_read() -> None:
    secret = base64.b64encode(bytes(32)).decode()
    first = {"format": 1, "active": "k1", "keys": {"k1": secret}, "root": secret}
    ring = ring_of(json.dumps(first))
    assert (ring.active, ring.root, ring.keys["k1"].secret) == ("k1", bytes(32), bytes(32))
    assert (ring.keys["k1"].cipher, ring.keys["k1"].made_at) == (Cipher.AES, None)


def changed(**facts: Any) -> str:
    return json.dumps(json.loads(document(RING)) | facts)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no document", "neither JSON nor JSON in base64"),
        ("{", "no JSON"),
        ("[]", "neither JSON"),
        (changed(keys=[]), "not of our form"),
        (changed(active=["k1"]), "not of our form"),
        (changed(since="0001-01-01T00:00:00+14:00"), "not of our form"),
        (changed(since=5), "not of our form"),
        (changed(keys={"k1": {"cipher": [], "secret": ""}}), "not of our form"),
        (changed(keys={"k1": 5}), "not of our form"),
        ('{"keys":' + "[" * 200_000, "no JSON"),
        ('{"keys":' + "9" * 5000 + "}", "no JSON"),
        (changed(active="k9"), "its active key is not among its keys"),
        (changed(root="AAAA"), "has not 32 bytes"),
        (changed(root="?"), "not base64"),
        (changed(since="yesterday"), "cannot be read"),
        (changed(keys={"K 1": base64.b64encode(bytes(32)).decode()}, active="K 1"), "a-z, 0-9"),
        (changed(keys={"k1": {"cipher": "des"}}, active="k1"), "cipher that is not known"),
    ],
)
def test_a_document_that_is_no_good_is_refused_without_showing_it(
    tmp_path: Path, text: str, why: str
) -> None:
    with pytest.raises(KeyMissingError, match=f"REDRESS_KEYS gave no usable keys: .*{why}") as said:
        vault_of(settings(tmp_path, key_source="env", keys=text))
    assert text not in str(said.value)


def test_keys_come_from_the_environment_and_no_file_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDRESS_KEYS", document(RING))
    vault = vault_of(settings(tmp_path, key_source="env"))
    assert vault.ring == RING
    assert list(tmp_path.iterdir()) == []


def test_an_empty_environment_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyMissingError, match="REDRESS_KEYS is empty"):
        vault_of(settings(tmp_path, key_source="env"))


def test_keys_come_from_a_command_with_blanks_in_its_path(tmp_path: Path) -> None:
    said = document(RING)
    command = program(tmp_path, f"print({said!r})")
    assert vault_of(settings(tmp_path, key_source="command", key_command=command)).ring == RING


def test_a_command_is_started_without_a_shell(tmp_path: Path) -> None:
    """What a shell would run, is an argument."""
    command = program(tmp_path, "import sys; sys.exit(str(sys.argv[1:]))")
    common = settings(tmp_path, key_source="command", key_command=f"{command} ; touch {tmp_path}/x")
    with pytest.raises(KeyMissingError, match=r"failed with code 1: \[';', 'touch'"):
        vault_of(common)
    assert not (tmp_path / "x").exists()


def test_what_a_failing_command_said_is_passed_on_in_one_line(tmp_path: Path) -> None:
    text = "import sys; sys.stderr.write('a\\x1b[31m\\n the key server is shut\\n'); sys.exit(7)"
    keys = CommandKeys(program(tmp_path, text), 10)
    with pytest.raises(KeyMissingError) as said:
        keys.load()
    assert str(said.value).endswith("failed with code 7: a[31m the key server is shut")


def test_a_command_that_does_not_end_is_ended(tmp_path: Path) -> None:
    keys = CommandKeys(program(tmp_path, "import time; time.sleep(60)"), 0.2)
    with pytest.raises(KeyMissingError, match=r"did not end within 0\.2 seconds"):
        keys.load()


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("", "REDRESS_KEY_COMMAND is empty"),
        ("/nowhere/at/all", "cannot be started: No such file"),
        ("a 'b", "cannot be read: No closing quotation"),
    ],
)
def test_a_command_that_cannot_be_started_is_named(command: str, why: str) -> None:
    with pytest.raises(KeyMissingError, match=why):
        CommandKeys(command, 1).load()


def test_a_command_that_prints_no_keys_is_refused_without_showing_what_it_printed(
    tmp_path: Path,
) -> None:
    keys = CommandKeys(program(tmp_path, "print('hunter2')"), 10)
    with pytest.raises(KeyMissingError, match="The key command gave no usable keys") as said:
        keys.load()
    assert "hunter2" not in str(said.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_file_that_others_may_read_is_refused_with_how_to_mend_it(
    tmp_path: Path, mode: int
) -> None:
    common = settings(tmp_path)
    make_key_file(common, NOON)
    common.key_path.chmod(mode)
    with pytest.raises(KeyMissingError, match=f"mode {mode:o}.*chmod 600 {common.key_path}"):
        vault_of(common)
    common.key_path.chmod(0o600)
    assert vault_of(common).active == "k1"


def test_a_new_key_file_is_made_for_the_cipher_that_is_set(tmp_path: Path) -> None:
    common = settings(tmp_path, cipher="sm4-gcm")
    make_key_file(common, NOON)
    vault = vault_of(common)
    assert (vault.cipher, vault.ring.keys["k1"].cipher) == (Cipher.SM4, Cipher.SM4)
    assert vault.ring.keys["k1"].made_at == NOON


def test_the_file_is_read_again_when_it_is_another_one(tmp_path: Path) -> None:
    common = settings(tmp_path)
    make_key_file(common, NOON)
    provider = provider_of(common)
    first = provider.load()
    assert provider.load() is first
    FileKeys(common.key_path).replace(lambda ring: ring.with_next(Cipher.AES, NOON))
    assert provider.load().active == "k2"


def test_a_change_of_the_file_is_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "data.key"
    keys = FileKeys(path)
    keys.create(RING)
    after = keys.replace(given_up)
    assert (after.generations, ring_of(path.read_text()).generations) == (("k2",), ("k2",))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["data.key"]


def broken(ring: Ring) -> Ring:
    raise ZeroDivisionError


def test_a_change_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "data.key"
    keys = FileKeys(path)
    keys.create(RING)
    kept = path.read_bytes()
    with pytest.raises(ZeroDivisionError):
        keys.replace(broken)
    assert path.read_bytes() == kept
