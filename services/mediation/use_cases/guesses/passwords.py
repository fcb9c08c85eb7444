"""Wrong passwords, as `services.mediation.domain.guessing` counts them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.mediation.domain.guessing import UNKNOWN, Limits, Under, Verdict, judged
from services.mediation.settings import MediationSettings
from services.mediation.use_cases.guesses.counting import (
    at_address,
    locked,
    put,
    seconds_in,
    tally_of,
)
from shared.addresses import group_of
from shared.kernel import TooManyError, Tried
from shared.text import normal_name
from shared.trail import Deed
from shared.vault import Vault
from shared.work import Database, Work


class AddressLockedError(TooManyError):
    """Too many failed log-ins from one address, for one account or for all together."""

    deed = Deed.PASSWORD_WRONG.value


@dataclass(frozen=True)
class Door:
    """Where somebody tries: the name that was typed, the address, the known browser's mark.

    Who has one IPv6 address has the rest of its site (a /64), which counts as one address.
    """

    name: str
    address: str
    device: bytes | None = None
    """The random part of a mark that fits the account; None: the browser is not known to it."""
    tried: Tried | None = None
    """What the trail is told of where it is locked."""

    def tokens(self, vault: Vault) -> Mapping[Under, bytes]:
        """What is counted under what, whether there is such an account or not."""
        key = normal_name(self.name).encode("utf-8", "surrogatepass")
        found = {
            Under.ACCOUNT: vault.mac(
                "login-account", group_of(self.address).encode() + b"\0" + key
            ),
            Under.ADDRESS: at_address(vault, self.address),
        }
        if self.device is not None:
            found[Under.DEVICE] = vault.mac("login-device", self.device)
        return found


@dataclass(frozen=True)
class Taken:
    """A try that was counted."""

    tokens: Mapping[Under, bytes]
    """What it was counted under."""


def limits_of(settings: MediationSettings) -> Limits:
    """What the installation says."""
    most = {
        Under.DEVICE: settings.login_failures,
        Under.ACCOUNT: settings.login_failures,
        Under.ADDRESS: settings.login_failures_address,
    }
    return Limits(most, timedelta(minutes=settings.login_lock_minutes))


async def take(database: Database, door: Door, settings: MediationSettings) -> Taken:
    """Count a password before it is looked at. Raises AddressLockedError.

    A right one is given back at once (`give_back`); a log-in that is whole forgives the others.
    """
    limits, tokens = limits_of(settings), door.tokens(database.vault)
    async with database.work() as work:
        rows = await locked(work, list(tokens.values()))
        tallies = {under: tally_of(rows[token]) for under, token in tokens.items()}
        verdict = judged(tallies, limits, work.now)
        for under in verdict.under:
            put(rows[tokens[under]], tallies[under].one_more(work.now, limits.wait))
    check(verdict, door.tried)
    return Taken({under: tokens[under] for under in verdict.under})


def check(verdict: Verdict, tried: Tried | None) -> None:
    """Raises AddressLockedError."""
    if not verdict.under:
        left = seconds_in(verdict.wait)
        locked_out = AddressLockedError(
            "登录失败次数太多，请{minutes}分钟后再试。",
            retry_after=left,
            minutes=(left - 1) // 60 + 1,
        )
        raise locked_out.telling(tried) if tried else locked_out


async def give_back(database: Database, taken: Taken) -> None:
    """The password was right: this try was no failure. Earlier ones still count."""
    async with database.work() as work:
        for row in (await locked(work, list(taken.tokens.values()))).values():
            put(row, tally_of(row).fewer(1))


async def forgive(work: Work, door: Door) -> None:
    """Whoever logs in at last has only mistyped: their own failures count no more, others' do.

    Of a known browser these are its own count; of another one, the account's at this address.
    """
    tokens = door.tokens(work.vault)
    mine = [Under.DEVICE] if door.device is not None else list(UNKNOWN)
    rows = await locked(work, [tokens[one] for one in mine])
    own = rows[tokens[mine[0]]]
    if door.device is None:
        everybody = rows[tokens[Under.ADDRESS]]
        put(everybody, tally_of(everybody).fewer(own.failures))
    own.failures = 0
