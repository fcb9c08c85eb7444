"""The second factor and the session are changed together; new codes on paper are in the trail."""

import pytest

from services.mediation.settings import MediationSettings
from services.mediation.tables import RecoveryCodeRow, SecondFactorRow, SessionRow
from services.mediation.use_cases.sessions import (
    Caller,
    Here,
    NoSuchSessionError,
    confirm_factor,
    drop_factor,
)
from shared.acting import Staff
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.doors import ME, Telephone, enrolled, rows
from tests.mediation.people import noted
from tests.mediation.things import Colleague

SETTINGS = MediationSettings()


def elsewhere(of: Colleague) -> Here:
    """A session of this person that was just ended."""
    assert of.actor.id
    who = Staff(of.actor.id, "lin", "lin", "mediator", "main")
    return Here(who, "ended", Caller("203.0.113.7", "Firefox"))


async def test_a_second_factor_is_not_turned_on_where_the_session_was_just_ended(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    begun = await lin.client.post(f"{ME}/second-factor", headers=lin.header)
    code = Telephone(begun.json()["secret"], clock).code()
    with pytest.raises(NoSuchSessionError):
        await confirm_factor(database, elsewhere(lin), code, SETTINGS)
    [factor] = await rows(database, SecondFactorRow)
    assert factor.confirmed_at is None
    assert await rows(database, RecoveryCodeRow) == []
    assert len(await rows(database, SessionRow)) == 1


async def test_a_second_factor_is_not_turned_off_where_the_session_was_just_ended(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    telephone, _ = await enrolled(lin, clock)
    with pytest.raises(NoSuchSessionError):
        await drop_factor(database, elsewhere(lin), telephone.next_code(), SETTINGS)
    [factor] = await rows(database, SecondFactorRow)
    assert factor.confirmed_at is not None
    assert len(await rows(database, RecoveryCodeRow)) == 10
    assert len(await rows(database, SessionRow)) == 1


async def test_who_renews_their_codes_on_paper_leaves_a_row_of_the_trail(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    telephone, _ = await enrolled(lin, clock)
    assert lin.actor.id
    before = await noted(database, "staff", lin.actor.id)
    renew = f"{ME}/second-factor/paper"
    wrong = await lin.client.post(renew, json={"code": "000000"}, headers=lin.header)
    assert wrong.status_code == 403
    assert await noted(database, "staff", lin.actor.id) == before
    form = {"code": telephone.next_code()}
    assert (await lin.client.post(renew, json=form, headers=lin.header)).status_code == 200
    assert await noted(database, "staff", lin.actor.id) == [*before, "factor.paper_renewed"]
