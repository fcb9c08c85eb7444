"""Choosing a password of one's own, and keeping whichever it is."""

from datetime import datetime
from functools import cache
from pathlib import Path

from services.mediation.domain.passwords import WeakPasswordError, check_chosen
from services.mediation.settings import MediationSettings
from services.mediation.tables import StaffRow
from services.mediation.use_cases.hashing import NOBODYS, fits, hashed

COMMON = Path(__file__).parents[1] / "passwords" / "common.txt"


@cache
def common() -> frozenset[str]:
    """The most common passwords; the file names its source."""
    lines = COMMON.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


async def chosen(account: StaffRow, typed: str, settings: MediationSettings) -> str:
    """The hash of a new password for this account. Raises WeakPasswordError."""
    known = (account.name, account.display, account.phone, "redress", "和解通")
    check_chosen(typed, known=known, common=common(), fewest=settings.password_length)
    if await fits(typed, account.password):
        raise WeakPasswordError("新密码不能和原来的一样。", pointer="/new_password")
    return await hashed(typed)


def without_password(account: StaffRow) -> None:
    """Nothing that is typed here opens this account."""
    keep_password(account, NOBODYS)


def keep_password(account: StaffRow, hashed: str, one_time_until: datetime | None = None) -> None:
    """Another password: the person's own, or a one-time one that is good until then."""
    account.password, account.one_time_until = hashed, one_time_until
    account.must_change = one_time_until is not None
