"""Who is who in a story: told again, everybody has the same ids, which nobody else can guess."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import shake_256
from os import urandom

from asyncpg.pgproto import pgproto

from services.intake.domain.number import CHANCE_BITS, public_number
from shared.clock import local_day
from shared.vault import Vault

PURPOSE = "demo-story"
BITS = 10
"""Bytes of chance in one id."""
COMPLAINT, RECEIVED, CASE, NUMBER, FIRST_STEP = 0, 1, 2, 3, 4
STEPS, LETTERS, OF_LETTER = 24, 6, 3
SLOTS = FIRST_STEP + STEPS + LETTERS * OF_LETTER


@dataclass(frozen=True)
class Telling:
    """A seed, and the instant up to which its stories are told: fixed when it is first told."""

    seed: int
    until: datetime

    def key(self, index: int) -> str:
        """The idempotency key of a story's complaint."""
        return f"{self.seed}/{index}"


class Identity:
    """The ids of one story. They lie in the order of the stories, as new rows do."""

    def __init__(self, vault: Vault, telling: Telling, index: int) -> None:
        until = int(telling.until.timestamp() * 1000)
        named = f"{telling.seed}/{telling.until.timestamp()}/{index}"
        self._chance = shake_256(vault.mac(PURPOSE, named.encode())).digest(SLOTS * BITS)
        self._time = (until + index & (1 << 48) - 1).to_bytes(6, "big")
        self.complaint = self._id(COMPLAINT)
        self.received = self._id(RECEIVED)
        self.case = self._id(CASE)

    def step(self, version: int) -> pgproto.UUID:
        """The event of a case's step."""
        return self._id(FIRST_STEP + version)

    def letter(self, serial: int, said: int = 0) -> pgproto.UUID:
        """A letter (0), or the first or second thing that was said of it."""
        return self._id(FIRST_STEP + STEPS + (serial - 1) * OF_LETTER + said)

    def number(self, received_at: datetime) -> str:
        """The public number of the complaint."""
        at = NUMBER * BITS
        chance = int.from_bytes(self._chance[at : at + BITS], "big") & (1 << CHANCE_BITS) - 1
        return public_number(local_day(received_at), chance)

    def share(self) -> float:
        """A number between 0 and 1 that is this story's own."""
        return int.from_bytes(self._chance[-4:], "big") / (1 << 32)

    def _id(self, slot: int) -> pgproto.UUID:
        return id_of(self._time, self._chance[slot * BITS : (slot + 1) * BITS])


def id_of(time: bytes, chance: bytes) -> pgproto.UUID:
    """A UUID of version 7 (RFC 9562, 5.7): the driver's class, which is quick to make."""
    high, low = 0x70 | chance[0] & 15, 0x80 | chance[2] & 63
    return pgproto.UUID(time + bytes((high, chance[1], low)) + chance[3:])


def new_id(at: datetime) -> pgproto.UUID:
    """As `shared.ids.uuid7` would have made it at an instant: never the same again."""
    return id_of(int(at.timestamp() * 1000).to_bytes(6, "big"), urandom(BITS))
