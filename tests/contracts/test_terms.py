"""What several services call by the same code has the same words everywhere."""

from services.intake.domain.scanning import Scan
from services.mediation.use_cases.rules import packs
from services.mediation.use_cases.trail.labels import VALUES
from services.mediation.use_cases.trail.values import SCANS, WAYS
from services.notification.pages import labels
from services.notification.use_cases.register import COLUMNS
from shared.i18n import translated
from shared.terms import FAILURES, REFUSALS
from shared.terms.letters import LetterReason, LetterState


def test_a_citizen_reads_the_same_reason_as_the_rule_pack_has() -> None:
    for pack in packs():
        reasons = [(one, REFUSALS[one.code]) for one in pack.refuse]
        reasons += [(one, FAILURES[one.code]) for one in pack.fail]
        for one, known in reasons:
            assert [known.label(language) for language in ("zh", "en")] == [
                one.label.said(language) for language in ("zh", "en")
            ]
            assert [known.article(language) for language in ("zh", "en")] == [
                one.source.said(language) for language in ("zh", "en")
            ]


def test_the_trail_calls_states_of_letters_and_reasons_as_their_own_pages_do() -> None:
    for terms, words in ((LetterState, labels.STATES), (LetterReason, labels.REASONS)):
        here = {str(code): (text, translated(text, "en")) for code, text in words.items()}
        assert {one.value: (one.chinese, one.english) for one in terms} == here


def test_the_trail_has_words_for_all_that_rows_of_letters_and_files_say() -> None:
    assert COLUMNS.keys() <= VALUES.keys()
    assert labels.WAYS.keys() <= WAYS.keys()
    assert {one.value for one in Scan} == SCANS.keys()
