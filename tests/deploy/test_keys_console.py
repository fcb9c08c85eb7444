"""`redress keys` as it is typed, with and without a server; and keys that do not fit the data."""

import signal
import subprocess
from pathlib import Path
from uuid import UUID

import pytest

from shared.clock import system_clock
from shared.runtime.keys import make_key_file, vault_of
from shared.settings import CommonSettings
from shared.vault import FileKeys, UnknownKeyError
from tests.deploy.installation import REDRESS, Installation


def test_the_platform_does_not_start_with_the_keys_of_another(tmp_path: Path) -> None:
    here, there = Installation(tmp_path / "here"), Installation(tmp_path / "there")
    for one in (here, there):
        one.run("demo", "--complaints", "5")
    key = tmp_path / "here.key"
    key.unlink()
    (tmp_path / "there.key").rename(key)
    for command in (["up", "--port", "0"], ["keys", "show"], ["keys", "rotate"]):
        refused = here.ended(*command)
        assert refused.returncode == 1
        assert "The keys do not belong to this data" in refused.stderr
        assert "Traceback" not in refused.stderr


def test_an_old_key_file_is_refused_by_the_name_of_the_key_it_lacks(tmp_path: Path) -> None:
    here, key = Installation(tmp_path / "here"), tmp_path / "here.key"
    here.run("demo", "--complaints", "5")
    old = key.read_text()
    here.run("keys", "rotate")
    key.write_text(old)
    refused = here.ended("keys", "show")
    assert refused.returncode == 1
    assert "sealed with the key k2, and it is not among the keys" in refused.stderr


def test_keys_on_the_console_with_and_without_a_server(tmp_path: Path) -> None:
    here = Installation(tmp_path / "here")
    here.run("demo", "--complaints", "20")
    first = here.facts("keys", "show")
    assert [one["id"] for one in first["keys"]] == ["k1"]
    assert first["keys"][0]["values"] > 60
    secret = (tmp_path / "here.key").read_text()
    assert not any(len(word) > 30 and word in repr(first) for word in secret.split('"'))

    said = here.run("keys", "rotate")
    assert said.startswith("k2 is the active key (a key was made)")
    assert f"Back up the keys now ({tmp_path / 'here.key'})" in said
    assert "k1 is given up" in said
    assert [one["id"] for one in here.facts("keys", "show")["keys"]] == ["k2"]
    here.run("audit", "verify")

    here.up("--no-demo")
    try:
        facts = here.facts("keys", "rotate")
        assert (facts["key"], facts["retired"]) == ("k3", ["k2"])
        services = here.facts("status")["services"]
        assert {one["key"] for one in services.values()} == {"k3"}
    finally:
        here.down()


def test_a_console_that_is_killed_in_the_middle_is_taken_up_by_the_next(tmp_path: Path) -> None:
    here = Installation(tmp_path / "here")
    here.run("demo", "--complaints", "400")
    command = [*REDRESS, "keys", "rotate", "--data", str(here.folder)]
    key = tmp_path / "here.key"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as console:  # noqa: S603 - our own program
        while '"k2"' not in key.read_text():
            assert console.poll() is None
        console.send_signal(signal.SIGKILL)
    assert '"k1"' in key.read_text()
    middle = here.facts("keys", "show")
    assert [one["id"] for one in middle["keys"]] == ["k1", "k2"]
    said = here.run("keys", "rotate")
    assert said.startswith("k2 is the active key (the rotation that was under way went on)")
    after = here.facts("keys", "show")
    assert [(one["id"], one["active"]) for one in after["keys"]] == [("k2", True)]
    assert after["unknown"] == 0
    here.run("audit", "verify")


def test_a_console_that_is_killed_beside_a_server_stops_the_rotation_and_the_next_one_ends_it(
    tmp_path: Path,
) -> None:
    here, key = Installation(tmp_path / "here"), tmp_path / "here.key"
    here.up("--no-demo")
    try:
        command = [*REDRESS, "keys", "rotate", "--data", str(here.folder)]
        with subprocess.Popen(command) as console:  # noqa: S603 - our own program
            while '"k2"' not in key.read_text():
                assert console.poll() is None
            console.send_signal(signal.SIGKILL)
        facts = here.facts("keys", "rotate")
    finally:
        here.down()
    assert (facts["key"], facts["made"], facts["retired"]) == ("k2", False, ["k1"])


def test_the_next_document_is_made_for_a_source_that_cannot_be_written(tmp_path: Path) -> None:
    here = Installation(tmp_path / "here")
    here.run("demo", "--complaints", "3")
    document = tmp_path / "next.json"
    here.run("keys", "next", str(document))
    assert document.stat().st_mode & 0o777 == 0o600
    ring = FileKeys(document).load()
    assert (ring.active, list(ring.keys)) == ("k2", ["k1", "k2"])
    kept = document.read_text()
    again = here.ended("keys", "next", str(document))
    assert again.returncode == 1
    assert "File exists" in again.stderr
    assert document.read_text() == kept


def test_nothing_that_a_given_up_key_sealed_is_opened_any_more(tmp_path: Path) -> None:
    common = CommonSettings(data=tmp_path / "data")
    make_key_file(common, system_clock())
    sealed = vault_of(common).seal("张三", "t.c", UUID(int=1))
    Installation(common.data).run("demo", "--complaints", "1")
    Installation(common.data).run("keys", "rotate")
    with pytest.raises(UnknownKeyError, match="k1"):
        vault_of(common).open(sealed, UUID(int=1))


def test_a_command_that_gives_no_keys_stops_every_command_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDRESS_KEY_SOURCE", "command")
    monkeypatch.setenv("REDRESS_KEY_COMMAND", "/bin/false")
    refused = Installation(tmp_path / "data").ended("up", "--port", "0")
    assert refused.returncode == 1
    assert refused.stderr == (
        "The key command /bin/false failed with code 1: it said nothing on stderr\n"
    )
    assert not list((tmp_path / "data").glob("*.db"))
