"""The keys of an installation, and the document in which they are kept."""

import base64
import json
import os
import re
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from shared.vault.ciphers import Cipher

FIRST = "k1"
SECRET = 32
NO_JSON = "it is no JSON"
IDS = re.compile(r"[a-z0-9][a-z0-9-]{0,15}")
NUMBERED = re.compile(r"k([1-9]\d*)")


class BrokenRingError(ValueError):
    """The document of keys cannot be used; the words say why, and never what it holds."""


@dataclass(frozen=True)
class Key:
    """One generation: what seals, and what everything that dies with it is derived from."""

    secret: bytes = field(repr=False)
    cipher: Cipher = Cipher.AES
    """The cipher it was made for; its blind indexes are HMAC-SHA-256 or HMAC-SM3 accordingly."""
    made_at: datetime | None = None
    """None: before that was noted."""


@dataclass(frozen=True)
class Ring:
    """All keys: the root, which never changes, and the generations, of which one is active."""

    root: bytes = field(repr=False)
    active: str
    keys: Mapping[str, Key]
    since: datetime | None = None
    """When the active one became so; None: at the beginning."""
    past: Mapping[str, bytes] = field(default_factory=dict)
    """Of keys that were given up, the public halves with which long-lived tokens are verified."""

    @property
    def generations(self) -> tuple[str, ...]:
        """The ids of all keys, the active one last."""
        return (*(one for one in self.keys if one != self.active), self.active)

    def with_next(self, cipher: Cipher, now: datetime) -> "Ring":
        """The ring with one more key, which is the active one from `now` on."""
        keys = {**self.keys, self.next_id: Key(os.urandom(SECRET), cipher, now)}
        return replace(self, active=self.next_id, keys=keys, since=now)

    @property
    def next_id(self) -> str:
        """What the next key is called; no id is ever used twice."""
        names = [*self.keys, *self.past]
        numbers = [int(found[1]) for one in names if (found := NUMBERED.fullmatch(one))]
        return f"k{max(numbers, default=0) + 1}"

    def alone(self, past: Mapping[str, bytes]) -> "Ring":
        """The ring with its active key only: of the others nothing stays but `past`."""
        keys = {self.active: self.keys[self.active]}
        return replace(self, keys=keys, past={**self.past, **past})


def new_ring(cipher: Cipher = Cipher.AES, now: datetime | None = None) -> Ring:
    """Fresh keys."""
    return Ring(os.urandom(SECRET), FIRST, {FIRST: Key(os.urandom(SECRET), cipher, now)}, now)


def document(ring: Ring) -> str:
    """The ring as JSON, to be kept where only its owner can read it."""
    keys = {
        name: {
            "secret": base64.b64encode(key.secret).decode(),
            "cipher": key.cipher.value,
            "made_at": said(key.made_at),
        }
        for name, key in ring.keys.items()
    }
    root = base64.b64encode(ring.root).decode()
    past = {name: base64.b64encode(public).decode() for name, public in ring.past.items()}
    kept = {"format": 2, "active": ring.active, "since": said(ring.since), "keys": keys}
    return json.dumps({**kept, "past": past, "root": root}, indent=1) + "\n"


def said(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def ring_of(text: str) -> Ring:
    """The ring of a document: JSON, or JSON in base64. Raises BrokenRingError, nothing else."""
    try:
        ring = read(json.loads(unwrapped(text)))
    except BrokenRingError:
        raise
    except KeyError as error:
        raise BrokenRingError(f"{error.args[0]!r} is missing in it") from None
    except (AttributeError, TypeError, OverflowError):
        raise BrokenRingError("it is JSON, but not of our form") from None
    except (ValueError, RecursionError):
        raise BrokenRingError(NO_JSON) from None
    if any(not IDS.fullmatch(name) for name in [*ring.keys, *ring.past]):
        raise BrokenRingError("the id of a key is at most 16 of a-z, 0-9 and -")
    return ring


def read(kept: Any) -> Ring:
    """The ring as the document has it. Raises what reading another form raises."""
    keys = {name: key_of(one) for name, one in kept["keys"].items()}
    past = {name: secret_of(one) for name, one in kept.get("past", {}).items()}
    since = instant(kept.get("since"))
    ring = Ring(secret_of(kept["root"]), kept["active"], keys, since, past)
    if ring.active not in ring.keys:
        raise BrokenRingError("its active key is not among its keys")
    return ring


def unwrapped(text: str) -> str:
    if text.lstrip().startswith("{"):
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except ValueError:
        raise BrokenRingError("it is neither JSON nor JSON in base64") from None


def key_of(kept: Any) -> Key:
    """A key as the document has it; format 1 had nothing but the secret."""
    if isinstance(kept, str):
        return Key(secret_of(kept))
    cipher = kept.get("cipher", Cipher.AES)
    if cipher not in set(Cipher):
        raise BrokenRingError("a key is made for a cipher that is not known here")
    return Key(secret_of(kept["secret"]), Cipher(cipher), instant(kept.get("made_at")))


def secret_of(kept: str) -> bytes:
    try:
        secret = base64.b64decode(kept, validate=True)
    except (NotBase64, ValueError):
        raise BrokenRingError("a secret in it is not base64") from None
    if len(secret) != SECRET:
        raise BrokenRingError(f"a secret in it has not {SECRET} bytes")
    return secret


def instant(kept: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(kept).astimezone(UTC) if kept else None
    except ValueError:
        raise BrokenRingError("an instant in it cannot be read") from None


def why(error: ValueError) -> str:
    """What is wrong with a document, and nothing of what it holds."""
    return str(error) if isinstance(error, BrokenRingError) else NO_JSON
