"""What several services call by the same code has the same words everywhere."""

from services.mediation.use_cases.rules import packs
from shared.terms import REFUSALS


def test_a_citizen_reads_the_same_reason_of_a_refusal_as_the_rule_pack_has() -> None:
    for pack in packs():
        for one in pack.refuse:
            known = REFUSALS[one.code]
            assert [known.label(language) for language in ("zh", "en")] == [
                one.label.said(language) for language in ("zh", "en")
            ]
            assert [known.article(language) for language in ("zh", "en")] == [
                one.source.said(language) for language in ("zh", "en")
            ]
