"""People read words, never the codes of machines: reasons, steps, lines of the log."""

import pytest

from services.mediation.domain.case import STEP_WORDS, State, Step
from services.mediation.domain.rule_pack import Words
from services.mediation.use_cases import labels
from services.mediation.use_cases.acting import ChangedMeanwhileError
from services.mediation.use_cases.opening import OPEN
from shared.events import Event, EvidenceAdded, LetterFailed, LetterPrepared, LetterSent
from shared.i18n import filled, speaking
from shared.work import Database
from tests.mediation.things import Colleague, a_case, a_colleague, form_token, step, the_case, walk

REFUSE = {
    "zh": "请选一个理由。可用的有：经营者之间的购销纠纷（between_operators）、",
    "en": "Choose a reason. There are: a dispute between operators (between_operators); ",
}
FAIL = {
    "zh": "请选一个理由。可用的有：被投诉人不同意调解（respondent_refuses）、",
    "en": "Choose a reason. There are: the respondent refuses mediation (respondent_refuses); ",
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "asked", [((), "refuse", REFUSE), (("accept",), "fail", FAIL)], ids=["refuse", "fail"]
)
async def test_whoever_chose_no_reason_reads_the_reasons_in_words(
    lin: Colleague,
    database: Database,
    language: str,
    asked: tuple[tuple[str, ...], str, dict[str, str]],
) -> None:
    walked, what, sentences = asked
    case = await walk(database, await a_case(database), lin.actor, *walked)
    place = f"/mediation/cases/{case.number}"
    shown = await lin.client.get(f"{place}?lang={language}")
    fields = {"form_token": form_token(shown), "version": str(case.version)}
    page = await lin.client.post(f"{place}/steps/{what}", data=fields)
    assert page.status_code == 422
    assert sentences[language] in page.text
    lin.header["Accept-Language"] = language
    answer = await lin.post_step(case, what, reason="bad")
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(sentences[language])
    assert (await the_case(database, case.number)).version == case.version


def test_facts_that_know_their_words_speak_the_language_of_the_page() -> None:
    fact = {"what": Words("甲", "A")}
    assert [filled("{what}", fact, one) for one in ("zh", "en")] == ["甲", "A"]
    with speaking("en"):
        assert filled("{what}", fact) == "A"


def test_every_step_and_every_line_of_the_timeline_has_its_word() -> None:
    heard: list[type[Event]] = [LetterPrepared, LetterSent, LetterFailed, EvidenceAdded]
    kinds = {*(one.value for one in Step), OPEN, *(one.TYPE.split(".")[1] for one in heard)}
    assert kinds - labels.HAPPENINGS.keys() == set()
    assert set(Step) == set(STEP_WORDS)
    assert {one.value for one in State} == set(labels.STATES)
    for word in labels.HAPPENINGS.values():
        assert not word.isascii()


async def test_whoever_saw_an_older_version_reads_what_was_done_in_words(
    database: Database,
) -> None:
    lin = await a_colleague(database)
    case = await a_case(database)
    case.version = 0
    with pytest.raises(ChangedMeanwhileError, match=r"系统在.*已经做了「登记」，"):
        await step(database, case, "accept", lin)
    assert (await the_case(database, case.number)).state == "registered"
