"""Cases that are searched: with records, indexed, and what somebody finds of them."""

from dataclasses import dataclass, replace
from typing import Any

from services.mediation.steps import FetchWords, index_texts
from services.mediation.tables import CaseRow
from services.mediation.use_cases.desk import Filters
from services.mediation.use_cases.finding import find_cases
from shared.work import Database
from tests.conftest import NOON
from tests.mediation.things import IntakeInMemory, a_case, a_record

MAIN = Filters(("main",))


def about(case: CaseRow, **facts: Any) -> dict[str, Any]:
    """The usual facts of an event of intake about a case."""
    return {"occurred_at": NOON, "complaint_id": case.complaint_id, "version": 2} | facts


@dataclass
class Books:
    """A database, and the intake that has the records of its cases."""

    database: Database
    intake: IntakeInMemory

    async def case(self, facts: dict[str, Any] | None = None, **parts: Any) -> CaseRow:
        """A case with this record, found by its words."""
        case = await a_case(self.database, **(facts or {}))
        self.intake.records[case.complaint_id] = a_record(case.complaint_id, **parts)
        await self.indexed()
        return case

    async def indexed(self) -> None:
        """Fetch what is wanted, give everything its tokens."""
        while await FetchWords(self.intake)(self.database) + await index_texts(self.database):
            pass

    async def found(self, q: str, filters: Filters = MAIN) -> list[str]:
        """The numbers of the cases that somebody finds."""
        page = await find_cases(self.database, replace(filters, q=q), None, 50)
        return [one.case["number"] for one in page.cases]
