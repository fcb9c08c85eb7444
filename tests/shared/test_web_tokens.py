"""Tokens of scripts at an edge that is not mediation's: checked there, and limited per account."""

from uuid import UUID

import pytest
from fastapi import APIRouter

from shared.acting import Staff
from shared.api_tokens import ApiToken, mint
from shared.limits.rates import Buckets, Rate
from shared.rights import Action, Grant, Role
from shared.vault import Vault
from shared.web import EdgeOptions, Who, staff_or_token
from shared.web.options import Limits
from shared.web.sessions import Remembered
from tests.conftest import NOON, StandingClock
from tests.shared.webs import LIN, LogIns, Ticks, database_of, serving

ADDRESS = "/x/api/v1/figures"
only = frozenset({Action.FIGURES_READ})
GRANT = Grant(Role.MEDIATOR, LIN.id, "main")
OWNER = Staff(LIN.id, "lin", "林调解员", "mediator", "main", grants=(GRANT,), only=only)
router = APIRouter(dependencies=[staff_or_token(Action.FIGURES_READ)])


@router.get(ADDRESS)
async def figures(who: Who) -> str:
    return who.display


def token_of(vault: Vault, jti: str = "a", staff: UUID = LIN.id) -> dict[str, str]:
    """The header of a good token that ends in ten minutes."""
    said = ApiToken(jti, staff, only, NOON.timestamp() + 600)
    return {"Authorization": f"Bearer {mint(vault, said, NOON)}"}


@pytest.fixture
def tokens() -> LogIns:
    """The one token that mediation knows."""
    return LogIns({"a": OWNER})


def around(tokens: LogIns, **limits: Rate) -> EdgeOptions:
    still = Ticks()
    sessions = Remembered(LogIns({}), still, tokens)
    return EdgeOptions(buckets=Buckets(still), sessions=sessions, limits=Limits(**limits))  # type: ignore[arg-type] # rates alone are given


async def test_another_service_checks_a_token_itself_before_it_asks(
    vault: Vault, clock: StandingClock, tokens: LogIns
) -> None:
    async with serving([router], database_of(vault, clock), around(tokens)) as client:
        good = token_of(vault)
        forged = {"Authorization": good["Authorization"][:-8] + "AAAAAAAA"}
        assert (await client.get(ADDRESS, headers=forged)).status_code == 401
        assert tokens.asked == 0
        for _ in range(3):
            assert (await client.get(ADDRESS, headers=good)).json() == "林调解员"
        assert tokens.asked == 1
        clock.move(minutes=11)
        assert (await client.get(ADDRESS, headers=good)).status_code == 401
        assert tokens.asked == 1


async def test_a_token_whose_owner_is_another_one_opens_nothing(
    vault: Vault, clock: StandingClock, tokens: LogIns
) -> None:
    async with serving([router], database_of(vault, clock), around(tokens)) as client:
        other = token_of(vault, "a", UUID(int=9))
        assert (await client.get(ADDRESS, headers=other)).status_code == 401
        unknown = token_of(vault, "b")
        assert (await client.get(ADDRESS, headers=unknown)).status_code == 401


async def test_a_token_is_limited_with_its_account_and_a_forged_one_with_its_address(
    vault: Vault, clock: StandingClock, tokens: LogIns
) -> None:
    limits = {"accounts": Rate(0.01, 2), "readers": Rate(0.01, 3)}
    async with serving([router], database_of(vault, clock), around(tokens, **limits)) as client:

        async def asked(headers: dict[str, str]) -> int:
            answer = await client.get(ADDRESS, headers=headers)
            return answer.status_code

        good, forged = token_of(vault), {"Authorization": "Bearer forged"}
        assert [await asked(good) for _ in range(4)] == [200, 200, 200, 429]
        assert [await asked(forged) for _ in range(3)] == [401, 401, 429]
