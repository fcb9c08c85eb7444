"""What is sealed opens only with its key, at its place, in its row; with either cipher."""

import pickle
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.columns import Encrypted
from shared.vault import (
    Cipher,
    KeyMissingError,
    Sealed,
    UnknownKeyError,
    Vault,
    WrongKeyError,
    given_up,
    new_ring,
    new_vault,
    read_key_file,
    write_key_file,
)
from tests.conftest import NOON

ROW = UUID("01890000-0000-7000-8000-000000000001")
ciphers = pytest.mark.parametrize("cipher", Cipher)


@pytest.fixture(scope="module", params=Cipher)
def sealing(request: pytest.FixtureRequest) -> Vault:
    """A vault that seals with one cipher, then with the other."""
    return new_vault(request.param)


@given(plain=st.binary(max_size=300), place=st.text(max_size=30), row=st.uuids())
def test_what_was_sealed_opens_as_it_was(
    sealing: Vault, plain: bytes, place: str, row: UUID
) -> None:
    assert sealing.open(sealing.seal(plain, place, row), row) == plain


@given(plain=st.binary(max_size=50), at=st.integers(min_value=0), bit=st.integers(0, 7))
def test_one_changed_bit_anywhere_is_noticed(
    sealing: Vault, plain: bytes, at: int, bit: int
) -> None:
    blob = bytearray(sealing.seal(plain, "t.c", ROW).blob)
    blob[at % len(blob)] ^= 1 << bit
    with pytest.raises(WrongKeyError):
        sealing.open(Sealed(bytes(blob), "t.c"), ROW)


@given(length=st.integers(0, 60))
def test_a_value_that_was_cut_off_is_noticed(sealing: Vault, length: int) -> None:
    blob = sealing.seal("张三 13800000000", "t.c", ROW).blob
    with pytest.raises(WrongKeyError):
        sealing.open(Sealed(blob[: min(length, len(blob) - 1)], "t.c"), ROW)


def test_the_value_says_nothing_and_is_never_the_same_twice(sealing: Vault) -> None:
    one, two = sealing.seal("张三", "t.c", ROW), sealing.seal("张三", "t.c", ROW)
    assert one.blob != two.blob
    assert "张三".encode() not in one.blob
    assert repr(one) == "Sealed(t.c)"


def test_another_row_place_or_key_does_not_open_it(sealing: Vault) -> None:
    sealed = sealing.seal("张三", "t.c", ROW)
    with pytest.raises(WrongKeyError):
        sealing.open(sealed, uuid4())
    with pytest.raises(WrongKeyError):
        sealing.open(Sealed(sealed.blob, "t.d"), ROW)
    with pytest.raises(WrongKeyError):
        new_vault(sealing.cipher).open(sealed, ROW)


def test_either_cipher_reads_what_the_other_sealed_and_the_first_byte_says_which() -> None:
    ring = new_ring()
    aes, sm4 = Vault(ring, Cipher.AES), Vault(ring, Cipher.SM4)
    assert aes.seal("张三", "t.c", ROW).blob[:4] == b"\x01\x02k1"
    assert sm4.seal("张三", "t.c", ROW).blob[:4] == b"\x02\x02k1"
    assert aes.open_text(sm4.seal("张三", "t.c", ROW), ROW) == "张三"
    assert sm4.open_text(aes.seal("李四", "t.c", ROW), ROW) == "李四"


def test_a_blob_that_names_the_other_cipher_does_not_open() -> None:
    sealing = new_vault()
    blob = sealing.seal("张三", "t.c", ROW).blob
    with pytest.raises(WrongKeyError):
        sealing.open(Sealed(b"\x02" + blob[1:], "t.c"), ROW)


def test_what_was_sealed_before_there_was_a_choice_of_ciphers_still_opens() -> None:
    """Layout and key of format 1, spelled out."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - an oracle

    ring = new_ring()
    nonce = bytes(12)
    closed = AESGCM(ring.keys["k1"].secret).encrypt(nonce, b"plain", f"t.c:{ROW}".encode())
    blob = b"\x01\x02k1" + nonce + closed
    assert Vault(ring).open(Sealed(blob, "t.c"), ROW) == b"plain"


@ciphers
def test_a_blind_index_finds_equal_values_of_one_kind_only(cipher: Cipher) -> None:
    vault = new_vault(cipher)
    assert vault.blind("phone", "13800000000") == vault.blind("phone", "13800000000")
    assert vault.blind("phone", "13800000000") != vault.blind("name", "13800000000")
    assert vault.blind("phone", "13800000000") != new_vault(cipher).blind("phone", "13800000000")
    assert len(vault.blind("phone", "13800000000")) == 16


def test_the_blind_index_beside_sm4_is_hmac_sm3() -> None:
    from cryptography.hazmat.primitives.hashes import SM3  # noqa: PLC0415 - an oracle
    from cryptography.hazmat.primitives.hmac import HMAC  # noqa: PLC0415 - an oracle

    vault = new_vault(Cipher.SM4)
    expected = HMAC(vault.derived_for("k1", "blind-index:phone"), SM3())
    expected.update(b"13800000000")
    assert vault.blind("phone", "13800000000") == expected.finalize()[:16]


def test_the_cipher_of_an_index_stays_with_its_generation_whatever_is_set() -> None:
    ring = new_ring(Cipher.AES)
    assert Vault(ring, Cipher.SM4).blind("name", "张三") == Vault(ring).blind("name", "张三")


def test_values_are_looked_for_in_all_generations_and_kept_in_the_active_one() -> None:
    before = Vault(new_ring())
    after = Vault(before.ring.with_next(Cipher.SM4, NOON))
    assert after.generations == ("k1", "k2")
    old, new = before.blind("phone", "13800000000"), after.blind("phone", "13800000000")
    assert after.blinds("phone", "13800000000") == [old, new]
    assert old != new
    assert Vault(given_up(after.ring)).blinds("phone", "13800000000") == [new]


def test_what_must_never_change_does_not_and_what_dies_with_a_key_is_gone_with_it() -> None:
    before = Vault(new_ring())
    after = Vault(before.ring.with_next(Cipher.AES, NOON))
    alone = Vault(given_up(after.ring))
    assert before.mac("query-code", b"1") == alone.mac("query-code", b"1")
    assert before.unwrap(alone.wrap("cookie", "p"), "p") == "cookie"
    assert after.derived_for("k1", "x") == before.derived_for("k1", "x")
    assert after.derived_for("k2", "x") != after.derived_for("k1", "x")
    with pytest.raises(UnknownKeyError):
        alone.derived_for("k1", "x")
    with pytest.raises(UnknownKeyError):
        alone.mac_for("k1", "x", b"")
    with pytest.raises(UnknownKeyError, match="k1"):
        alone.open(before.seal("张三", "t.c", ROW), ROW)


def test_what_is_wrapped_opens_at_its_place_only() -> None:
    vault = new_vault()
    wrapped = vault.wrap("张三", "cookies.intake.status")
    assert "张三".encode() not in wrapped
    for other in (vault.wrap("张三", "cookies.intake.other"), wrapped[:-1], b"", bytes(64)):
        with pytest.raises(WrongKeyError):
            vault.unwrap(other, "cookies.intake.status")


def test_a_vault_that_is_sent_to_another_process_opens_and_seals_there() -> None:
    vault = new_vault(Cipher.SM4)
    sent: Vault = pickle.loads(pickle.dumps(vault))  # noqa: S301 - our own, just made
    assert sent.open_text(vault.seal("张三", "t.c", ROW), ROW) == "张三"
    assert sent.seal("", "t.c", ROW).blob[:4] == vault.head


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


def test_no_secret_is_in_what_is_printed_of_a_vault() -> None:
    ring = new_ring()
    secrets = (repr(ring.root), repr(ring.keys["k1"].secret))
    assert not any(one[2:-1] in repr(ring) for one in secrets)


def test_a_missing_or_damaged_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyMissingError, match="missing"):
        read_key_file(tmp_path / "none.key")
    bad = tmp_path / "bad.key"
    bad.write_text("{}")
    bad.chmod(0o600)
    with pytest.raises(KeyMissingError, match="damaged: 'keys' is missing in it"):
        read_key_file(bad)


def test_plain_text_cannot_get_into_an_encrypted_column(vault: Vault) -> None:
    column = Encrypted("t.c")
    with pytest.raises(TypeError):
        column.process_bind_param("张三", None)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError):
        column.process_bind_param(vault.seal("张三", "t.d", ROW), None)  # type: ignore[arg-type]  # no dialect needed
    assert column.process_bind_param(None, None) is None  # type: ignore[arg-type]  # no dialect needed
