"""Whatever a respondent can send leaves its row in the chain of the case, or changes nothing."""

import httpx
from fastapi.routing import APIRoute
from sqlalchemy import select

from services.mediation.pages.respondent import HERE, RespondentPages
from shared.bodies import Bodies
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.mediation.test_inviting import entered, invited
from tests.mediation.things import Colleague, IntakeInMemory, form_token, the_case

ENTER, LEAVE = HERE + "/{key}", HERE + "/leave"


def test_a_respondent_can_send_something_to_two_addresses(intake: IntakeInMemory) -> None:
    router = RespondentPages(intake, Bodies()).router()
    found = [one for one in router.routes if isinstance(one, APIRoute)]
    assert {one.path for one in found if "POST" in (one.methods or ())} == {ENTER, LEAVE}


async def noted(database: Database) -> list[tuple[str, str, str]]:
    """The rows of cases that nobody of the staff is the doer of: chain, what, who."""
    wanted = select(AuditRow).where(AuditRow.kind == "case", AuditRow.doer_kind != "staff")
    async with database.reading() as session:
        rows = list(await session.scalars(wanted.order_by(AuditRow.id)))
    return [(row.key, row.action, row.doer_kind) for row in rows]


async def test_entering_is_noted_once_with_the_respondent_as_doer_and_leaving_changes_nothing(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    number, key, code = await invited(lin, database, intake)
    case = await the_case(database, number)
    transport = lin.client._transport  # noqa: SLF001 - the same site, another browser
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as browser:
        assert await noted(database) == []
        assert (await entered(browser, key, code)).status_code == 303
        row = (str(case.id), "invitation.used", "respondent")
        assert await noted(database) == [row]
        token = form_token(await browser.get(HERE))
        assert (await browser.post(LEAVE, data={"form_token": token})).status_code == 303
        assert (await entered(browser, key, code)).status_code == 303
        assert await noted(database) == [row]
