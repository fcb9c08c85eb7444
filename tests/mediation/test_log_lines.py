"""What the log says of a step: one line with the complaint's id, refused or not, and no names."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from services.mediation.steps import FetchWords
from services.mediation.tables import CaseRow
from shared.work import Database
from tests.mediation.things import (
    Colleague,
    IntakeInMemory,
    a_case,
    a_record,
    form_token,
    the_case,
    walk,
)

Answered = tuple[httpx.Response, list[Any]]
ROUTE = "/mediation/api/v1/cases/{case_id}/steps/{step}"
WORDS = "周晓明来电说桌面又开裂"


async def logged(sending: Awaitable[httpx.Response]) -> Answered:
    """The answer, and the lines that were written meanwhile."""
    with capture_logs() as lines:
        answer = await sending
    return answer, lines


def line(case: CaseRow, status: int, route: str = ROUTE) -> dict[str, Any]:
    return {
        "event": "request",
        "log_level": "info",
        "service": "mediation",
        "method": "POST",
        "route": route,
        "status": status,
        "complaint_id": str(case.complaint_id),
    }


def untimed(lines: list[Any]) -> list[dict[str, Any]]:
    return [{name: value for name, value in one.items() if name != "ms"} for one in lines]


@pytest.fixture
async def case(database: Database, intake: IntakeInMemory) -> CaseRow:
    """A case whose words are known here."""
    made = await a_case(database)
    intake.records[made.complaint_id] = a_record(made.complaint_id)
    await FetchWords(intake)(database)
    return made


async def test_a_step_that_is_taken_is_one_line(lin: Colleague, case: CaseRow) -> None:
    answer, lines = await logged(lin.post_step(case, "accept"))
    assert (answer.status_code, untimed(lines)) == (200, [line(case, 200)])


REFUSED: list[tuple[Callable[[Colleague, CaseRow], Awaitable[httpx.Response]], int]] = [
    (lambda lin, case: lin.post_step(case, "close", note=WORDS), 409),
    (lambda lin, case: lin.post_step(case, "accept", 7, note=WORDS), 409),
    (lambda lin, case: lin.post_step(case, "refuse", reason="no_such_reason", note=WORDS), 422),
    (lambda lin, case: lin.post_step(case, "name-respondent", phone=WORDS), 422),
    (lambda lin, case: lin.post_step(case, "amend", 7, changes={"/matter/subject": WORDS}), 409),
]


@pytest.mark.parametrize(("send", "status"), REFUSED)
async def test_a_step_that_is_refused_is_one_line_with_the_complaints_id_and_no_words(
    lin: Colleague,
    case: CaseRow,
    database: Database,
    send: Callable[[Colleague, CaseRow], Awaitable[httpx.Response]],
    status: int,
) -> None:
    answer, lines = await logged(send(lin, case))
    assert (answer.status_code, untimed(lines)) == (status, [line(case, status)])
    assert "周" not in str(lines)
    assert (await the_case(database, case.number)).version == 1


async def test_whoever_comes_second_is_one_line_too(
    lin: Colleague, case: CaseRow, database: Database
) -> None:
    await walk(database, case, lin.actor, "accept")
    answer, lines = await logged(lin.post_step(case, "accept", 1))
    assert (answer.status_code, answer.json()["type"]) == (409, "ChangedMeanwhileError")
    assert untimed(lines) == [line(case, 409)]
    assert (await the_case(database, case.number)).version == 2


async def test_a_step_refused_on_the_page_is_one_line(
    lin: Colleague, case: CaseRow, database: Database
) -> None:
    page = await lin.client.get(f"/mediation/cases/{case.number}")
    form = {"form_token": form_token(page), "version": "7", "accept.note": WORDS}
    address = f"/mediation/cases/{case.number}/steps/accept"
    answer, lines = await logged(lin.client.post(address, data=form))
    route = "/mediation/cases/{number}/steps/{step}"
    assert (answer.status_code, untimed(lines)) == (422, [line(case, 422, route)])
    assert (await the_case(database, case.number)).version == 1


async def test_a_case_that_somebody_may_not_see_is_not_named(
    lin: Colleague, database: Database
) -> None:
    foreign = await a_case(database, body="demo", demo=True)
    answer, [said] = await logged(lin.post_step(foreign, "accept"))
    assert answer.status_code == 404
    assert "complaint_id" not in said
    assert (await the_case(database, foreign.number)).version == 1
