"""Counts of failures as they are kept: under keyed hashes, forgotten once they hinder nobody."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select

from services.mediation.domain.guessing import Tally
from services.mediation.tables import LoginFailureRow
from shared.addresses import group_of
from shared.vault import Vault
from shared.work import Work


def at_address(vault: Vault, address: str) -> bytes:
    """What an address is counted under, an IPv6 one with its whole site."""
    return vault.mac("login-address", group_of(address).encode())


async def locked(work: Work, tokens: Sequence[bytes]) -> Mapping[bytes, LoginFailureRow]:
    """The counts, made where there are none, for this transaction alone; in one order always."""
    fresh = [{"address": one, "failures": 0, "last_at": work.now} for one in sorted(tokens)]
    await work.insert_new(LoginFailureRow, fresh, [LoginFailureRow.address])
    mine = LoginFailureRow.address.in_(tokens)
    statement = select(LoginFailureRow).where(mine).order_by(LoginFailureRow.address)
    return {row.address: row for row in await work.session.scalars(statement.with_for_update())}


def tally_of(row: LoginFailureRow) -> Tally:
    """A count as the rule reads it."""
    return Tally(row.failures, row.last_at)


def put(row: LoginFailureRow, tally: Tally) -> None:
    """Keep a count."""
    row.failures, row.last_at = tally.failures, tally.last_at or row.last_at


def seconds_in(left: timedelta) -> int:
    """Whole seconds to wait, one at least."""
    return max(1, ceil(left.total_seconds()))


async def forget(work: Work, before: datetime) -> None:
    """Forget counts that are older than this: they hinder nobody any more."""
    await work.session.execute(delete(LoginFailureRow).where(LoginFailureRow.last_at < before))
