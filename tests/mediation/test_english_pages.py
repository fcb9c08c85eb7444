"""English pages speak to the clerk of the complainant, and name articles in English."""

import pytest

from services.mediation.domain.rule_pack import Words
from shared.work import Database
from tests.mediation.seeds import association
from tests.mediation.things import Colleague, IntakeInMemory, a_case, a_record, walk

OF_THE_COMPLAINANT = ("Your name", "I agree", "What you want")


@pytest.fixture
def database(on_sqlite: Database) -> Database:
    """Words do not depend on the database."""
    return on_sqlite


async def test_the_case_page_speaks_of_the_complainant(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    agent = dict.fromkeys(("phone", "id_type", "id_number", "authority")) | {"name": "A"}
    words = {"subject": "x", "agent": agent, "consents": {"mediation": True}}
    intake.records[case.complaint_id] = a_record(case.complaint_id, words=words)
    page = (await lin.client.get(f"/mediation/cases/{case.number}?lang=en")).text
    assert '<dt>Name</dt><dd><span class="mask">周**</span>' in page
    assert "<dt>Consents to mediation</dt><dd>Yes</dd>" in page
    assert [one for one in OF_THE_COMPLAINANT if one in page] == []


async def test_staff_entry_speaks_of_the_complainant(lin: Colleague) -> None:
    page = (await lin.client.get("/mediation/register?lang=en")).text
    for words in ("Consents to mediation", "Consents to forwarding", "What the complainant asks"):
        assert words in page
    assert [one for one in OF_THE_COMPLAINANT if one in page] == []


async def test_the_articles_of_the_timeline_are_in_the_language_of_the_page(
    lin: Colleague, database: Database
) -> None:
    case = await walk(database, await a_case(database), lin.actor, "accept", "forward", "fail")
    place = f"/mediation/cases/{case.number}"
    english = (await lin.client.get(place + "?lang=en")).text
    assert '<span class="rule">association rules art. 30</span>' in english
    assert '<span class="rule">association rules art. 27</span>' in english
    assert "本会规则" not in english
    chinese = (await lin.client.get(place + "?lang=zh")).text
    assert '<span class="rule">本会规则第三十条</span>' in chinese


def test_an_article_that_the_pack_does_not_name_stays_as_it_is() -> None:
    assert association().cited("民法典第二百零三条") == Words(
        "民法典第二百零三条", "民法典第二百零三条"
    )
    assert association().cited("本会规则第二十九条").en == "association rules art. 29"


def test_every_article_of_the_pack_has_its_english() -> None:
    pack = association()
    articles = [*pack.steps.values(), *(one.source for one in (*pack.refuse, *pack.fail))]
    for one in articles:
        assert pack.cited(one.zh).en.isascii()
