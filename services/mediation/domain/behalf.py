"""What staff do for whoever complained (代投诉人): the history names both."""

from collections.abc import Iterable

from services.mediation.domain.case import Step

ALWAYS = frozenset({"open", "renew-code", Step.WITHDRAW.value})
"""Taking a complaint down, giving out another query code, taking the complaint back."""
OTHERS = ("/respondent/",)
"""What staff correct for themselves: who was complained of."""


def for_complainant(step: str, corrected: Iterable[str] = ()) -> bool:
    """Whether staff take this step for the complainant.

    `corrected` are the JSON pointers that it corrects: what somebody told us is theirs to correct.
    """
    if step == Step.AMEND.value:
        return any(not one.startswith(OTHERS) for one in corrected)
    return step in ALWAYS
