"""Who refuses a complaint is told which of their words the complainant reads."""

from shared.work import Database
from tests.mediation.things import Colleague, a_case


async def test_the_note_of_a_refusal_is_said_to_stay_with_the_case(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database)
    page = (await lin.client.get(f"/mediation/cases/{case.number}")).text
    field = page.split('id="refuse-note-hint">')[1].split("</p>")[0]
    assert field == "投诉人在进度页上看到的是理由和依据，看不到这里写的。"
    assert "告知的其他途径" not in page
