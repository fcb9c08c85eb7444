"""Codes of the second factor (动态口令): each is worth something once."""

import hmac
import secrets
from uuid import UUID

import pyotp
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import RecoveryCodeRow, SecondFactorRow
from shared.kernel import UnauthenticatedError
from shared.text import crockford, normal_crockford
from shared.trail import Deed
from shared.vault import Vault
from shared.work import Work

AROUND = (0, -1, 1)
"""Half minutes by which a telephone's clock may differ (RFC 6238, 5.2)."""
DIGITS = 6
PAPER = 10
"""Characters of a code on paper: 50 bits."""
HOW_MANY = 10


class WrongCodeError(UnauthenticatedError):
    """A code that is wrong, too old, or used before."""

    deed = Deed.FACTOR_WRONG.value


async def factor_of(session: AsyncSession, staff: UUID) -> SecondFactorRow | None:
    """The second factor somebody has, confirmed or not."""
    found: SecondFactorRow | None = await session.get(SecondFactorRow, staff)
    return found


async def asks_code(session: AsyncSession, staff: UUID) -> bool:
    """Whether a code is asked for after somebody's password."""
    factor = await factor_of(session, staff)
    return factor is not None and factor.confirmed_at is not None


async def spend(work: Work, staff: UUID, typed: str) -> bool:
    """Use a code up: whether it was worth anything. The database decides between two at once."""
    code = normal_crockford(typed)
    if len(code) == PAPER:
        paper = RecoveryCodeRow.code
        mine = RecoveryCodeRow.staff_id == staff, paper == kept(work.vault, code)
        return bool(
            (
                await work.session.scalars(delete(RecoveryCodeRow).where(*mine).returning(paper))
            ).all()
        )
    factor = await factor_of(work.session, staff)
    step = step_of(work, factor, code) if factor else None
    if step is None:
        return False
    fresh = SecondFactorRow.staff_id == staff, SecondFactorRow.last_step < step
    moved = update(SecondFactorRow).where(*fresh).values(last_step=step)
    return bool((await work.session.scalars(moved.returning(SecondFactorRow.staff_id))).all())


def step_of(work: Work, factor: SecondFactorRow, code: str) -> int | None:
    """The half minute this code is of; None for a wrong one. All are compared, whichever fits."""
    totp = pyotp.TOTP(work.vault.open_text(factor.secret, factor.staff_id), digits=DIGITS)
    now = totp.timecode(work.now)
    given = code.encode("utf-8", "surrogatepass")
    fitting = [
        now + by
        for by in AROUND
        if hmac.compare_digest(totp.generate_otp(now + by).encode(), given)
    ]
    return fitting[0] if fitting else None


def kept(vault: Vault, code: str) -> bytes:
    """What is kept of a code on paper: a hash with a key that does not lie in the database."""
    return vault.mac("recovery-code", code.encode("utf-8", "surrogatepass"))


async def new_paper(work: Work, staff: UUID) -> list[str]:
    """Ten fresh codes on paper, to be shown once; those before are worth nothing."""
    await work.session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.staff_id == staff))
    codes = [crockford(secrets.randbits(5 * PAPER), PAPER) for _ in range(HOW_MANY)]
    rows = [{"staff_id": staff, "code": kept(work.vault, one)} for one in codes]
    await work.insert(RecoveryCodeRow, rows)
    return [f"{one[:5]}-{one[5:]}" for one in codes]
