"""What several services call by the same code has the same words everywhere."""

from services.mediation.use_cases.rules import packs
from shared.terms import FAILURES, REFUSALS


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
