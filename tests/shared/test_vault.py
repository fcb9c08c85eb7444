"""What is sealed opens only with its key, at its place, in its row."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.columns import Encrypted
from shared.vault import (
    KeyMissingError,
    Sealed,
    Vault,
    WrongKeyError,
    new_vault,
    read_key_file,
    write_key_file,
)

ROW = UUID("01890000-0000-7000-8000-000000000001")


@given(text=st.text(max_size=200))
def test_what_was_sealed_opens_as_it_was(text: str) -> None:
    vault = new_vault()
    assert vault.open_text(vault.seal(text, "t.c", ROW), ROW) == text


def test_the_value_says_nothing_and_is_never_the_same_twice(vault: Vault) -> None:
    one, two = vault.seal("张三", "t.c", ROW), vault.seal("张三", "t.c", ROW)
    assert one.blob != two.blob
    assert "张三".encode() not in one.blob
    assert repr(one) == "Sealed(t.c)"


def test_another_row_place_or_key_does_not_open_it(vault: Vault) -> None:
    sealed = vault.seal("张三", "t.c", ROW)
    with pytest.raises(WrongKeyError):
        vault.open(sealed, uuid4())
    with pytest.raises(WrongKeyError):
        vault.open(Sealed(sealed.blob, "t.d"), ROW)
    with pytest.raises(WrongKeyError):
        new_vault().open(sealed, ROW)


def test_one_changed_bit_is_noticed(vault: Vault) -> None:
    blob = bytearray(vault.seal("张三", "t.c", ROW).blob)
    blob[-1] ^= 1
    with pytest.raises(WrongKeyError):
        vault.open(Sealed(bytes(blob), "t.c"), ROW)


def test_a_blind_index_finds_equal_values_of_one_kind_only(vault: Vault) -> None:
    assert vault.blind("phone", "13800000000") == vault.blind("phone", "13800000000")
    assert vault.blind("phone", "13800000000") != vault.blind("name", "13800000000")
    assert vault.blind("phone", "13800000000") != new_vault().blind("phone", "13800000000")
    assert len(vault.blind("phone", "13800000000")) == 16


def test_the_key_file_is_its_owners_alone_and_is_never_written_over(tmp_path: Path) -> None:
    path, made = tmp_path / "data.key", new_vault()
    write_key_file(made, path)
    assert path.stat().st_mode & 0o777 == 0o600
    sealed = made.seal("张三", "t.c", ROW)
    assert read_key_file(path).open_text(sealed, ROW) == "张三"
    kept = path.read_bytes()
    with pytest.raises(FileExistsError):
        write_key_file(new_vault(), path)
    assert path.read_bytes() == kept


def test_a_missing_or_damaged_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyMissingError, match="missing"):
        read_key_file(tmp_path / "none.key")
    (tmp_path / "bad.key").write_text("{}")
    with pytest.raises(KeyMissingError, match="damaged"):
        read_key_file(tmp_path / "bad.key")


def test_plain_text_cannot_get_into_an_encrypted_column(vault: Vault) -> None:
    column = Encrypted("t.c")
    with pytest.raises(TypeError):
        column.process_bind_param("张三", None)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError):
        column.process_bind_param(vault.seal("张三", "t.d", ROW), None)  # type: ignore[arg-type]  # no dialect needed
    assert column.process_bind_param(None, None) is None  # type: ignore[arg-type]  # no dialect needed
