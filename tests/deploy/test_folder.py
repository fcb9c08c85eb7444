"""One owner of a data folder, and no data without its key."""

import os
from pathlib import Path

import pytest

from deploy.cli.accounts import Account
from deploy.cli.errors import CannotError
from deploy.cli.first import keep_passwords
from deploy.cli.folder import (
    FolderTakenError,
    KeyLostError,
    is_owned,
    note_running,
    open_vault,
    owning,
    prepare,
    running_on,
    socket_of,
)
from shared.settings import CommonSettings
from shared.vault import KeyMissingError


def test_a_folder_has_one_owner_at_a_time(common: CommonSettings) -> None:
    assert not is_owned(common)
    with owning(common):
        note_running(common, "http://127.0.0.1:8000")
        assert is_owned(common)
        with pytest.raises(FolderTakenError) as refused, owning(common):
            raise AssertionError
        assert "(http://127.0.0.1:8000). Stop that one first" in str(refused.value)
        assert running_on(common)["address"] == "http://127.0.0.1:8000"
    assert not is_owned(common)
    assert running_on(common) == {}


def test_who_has_the_folder_is_named_and_not_a_process_that_was_killed(
    common: CommonSettings,
) -> None:
    prepare(common.data)
    (common.data / "running.json").write_text('{"pid": 1, "address": "http://127.0.0.1:8000"}')
    with owning(common):
        with pytest.raises(FolderTakenError) as refused, owning(common):
            raise AssertionError
        assert f"in use by process {os.getpid()} (no address yet). Stop" in str(refused.value)
    assert running_on(common) == {}


def test_the_first_start_makes_a_key_beside_the_folder_that_only_its_owner_reads(
    common: CommonSettings,
) -> None:
    with owning(common):
        vault, made = open_vault(common)
        again, made_again = open_vault(common)
    assert (made, made_again) == (True, False)
    assert again.ring == vault.ring
    assert common.key_path == common.data.with_name("data.key")
    assert common.key_path.stat().st_mode & 0o777 == 0o600
    assert common.data.stat().st_mode & 0o777 == 0o700


def test_data_without_its_key_is_not_opened_and_no_key_is_made(common: CommonSettings) -> None:
    with owning(common):
        (common.data / "intake.db").touch()
        with pytest.raises(KeyLostError) as refused:
            open_vault(common)
    assert "holds data, but its key" in str(refused.value)
    assert "Put the key file back from your backup" in str(refused.value)
    assert not common.key_path.exists()


def test_a_damaged_key_is_named(common: CommonSettings) -> None:
    common.key_path.parent.mkdir(parents=True, exist_ok=True)
    common.key_path.write_text("{}")
    common.key_path.chmod(0o600)
    with owning(common), pytest.raises(KeyMissingError, match="is damaged"):
        open_vault(common)


def test_a_folder_that_cannot_be_made_is_said_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    common = CommonSettings(data=tmp_path / "file" / "data")
    with pytest.raises(CannotError, match="cannot be used: Not a directory"), owning(common):
        raise AssertionError


def test_a_socket_path_is_never_too_long(tmp_path: Path) -> None:
    short = CommonSettings(data=Path("/var/lib/redress"))
    assert socket_of(short) == Path("/var/lib/redress/control.sock")
    long = CommonSettings(data=tmp_path / ("x" * 90))
    assert len(str(socket_of(long))) < 100
    assert socket_of(long) == socket_of(long)


def test_one_time_passwords_are_kept_where_only_the_owner_reads_them(
    common: CommonSettings,
) -> None:
    common.key_path.parent.mkdir(parents=True, exist_ok=True)
    path = keep_passwords(common.key_path, [Account("admin", "abcd-efgh", "administrator")])
    assert path == common.key_path.with_name("data.passwords.txt")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == "admin\tabcd-efgh\tadministrator\n"
