"""A correction of a report is judged on the text that those before it leave, though they wait."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.mediation.steps import PushAmendments
from services.mediation.tables import AmendmentRow
from shared.net import Unanswered
from shared.work import Database
from tests.mediation.test_unclear_stars import SHOWN, TEXT, a_report
from tests.mediation.things import Colleague, IntakeInMemory, step, the_case

EDITED = SHOWN + "是真的。"


@dataclass
class Asked(IntakeInMemory):
    """Intake, which knows in what order it was asked."""

    meanwhile: Callable[[], Awaitable[object]] | None = None
    """What happens while it judges, once."""
    judged_after: tuple[UUID, ...] | None = None
    """Which corrections it had when it judged."""
    away: bool = False

    async def amend(self, amendments: Sequence[Any]) -> None:
        if self.away:
            raise Unanswered("away")
        await super().amend(amendments)

    async def unclear(self, complaint_id: UUID, changes: Mapping[str, Any]) -> Sequence[str]:
        self.judged_after = tuple(self.amendments)
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            await happens()
        return await super().unclear(complaint_id, changes)


@pytest.fixture
def intake() -> Asked:
    return Asked()


async def waiting(database: Database) -> list[UUID]:
    """Corrections that intake was not told by the step yet."""
    async with database.reading() as session:
        wanted = select(AmendmentRow.id).where(AmendmentRow.pushed_at.is_(None))
        return list(await session.scalars(wanted.order_by(AmendmentRow.id)))


async def test_what_waits_of_the_case_is_told_before_the_next_is_judged(
    database: Database, intake: Asked, lin: Colleague
) -> None:
    case = await a_report(database, intake, kind="report")
    other = await a_report(database, intake, kind="report")
    for one in (case, other):
        assert (await lin.post_step(one, "amend", changes={TEXT: "看到假货。"})).status_code == 200
    first, elsewhere = await waiting(database)
    assert intake.judged_after is None
    case = await the_case(database, case.number)
    changes = {TEXT: EDITED}
    assert (await lin.post_step(case, "amend", changes=changes)).status_code == 422
    assert intake.judged_after == (first,)
    assert intake.amendments[first].changes == {TEXT: "看到假货。"}
    assert elsewhere not in intake.amendments
    assert await waiting(database) == [first, elsewhere]
    assert await PushAmendments(intake)(database) == 2
    assert await waiting(database) == []


@pytest.mark.parametrize("version", [None, "*"])
async def test_who_corrects_while_another_one_is_judged_was_faster(
    database: Database, intake: Asked, lin: Colleague, version: str | None
) -> None:
    case = await a_report(database, intake, kind="report")

    async def corrected() -> None:
        await step(database, case, "amend", lin.actor, changes={"/matter/place": "城东"})

    intake.meanwhile = corrected
    answer = await lin.post_step(case, "amend", version, changes={TEXT: EDITED})
    assert (answer.status_code, answer.json()["type"]) == (409, "ChangedMeanwhileError")
    assert (await the_case(database, case.number)).version == case.version + 1
    assert len(await waiting(database)) == 1
    case = await the_case(database, case.number)
    assert (await lin.post_step(case, "amend", version, changes={TEXT: EDITED})).status_code == 200


async def test_while_intake_is_away_nothing_starred_is_corrected_and_other_texts_are_not_judged(
    database: Database, intake: Asked, lin: Colleague
) -> None:
    case = await a_report(database, intake, kind="report")
    assert (await lin.post_step(case, "amend", changes={TEXT: "看到假货。"})).status_code == 200
    case = await the_case(database, case.number)
    intake.away = True
    answer = await lin.post_step(case, "amend", changes={TEXT: EDITED})
    assert answer.status_code == 503
    assert (await the_case(database, case.number)).version == case.version
    assert len(await waiting(database)) == 1
