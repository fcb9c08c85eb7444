"""What intake takes, staff may correct, and the other way round: one set of limits."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from services.intake.domain.complaint import faults
from services.intake.use_cases.submission import ComplaintForm
from services.mediation.domain.corrections import TEXTS, check_changes
from services.mediation.forms import StepForm
from shared.kernel import RuleErrors
from shared.record.limits import LONGEST

TODAY = date(2026, 6, 23)
NO_TEXT = {"/matter/nature"}
"""A code of a short list, which intake's form knows by its values."""


def sent(pointer: str, value: Any) -> dict[str, Any]:
    """A complaint that is in order but for one field."""
    complaint: dict[str, Any] = {"matter": {"text": "裂了。"}}
    _, part, name = pointer.split("/")
    complaint.setdefault(part, {})[name] = value
    return complaint


@pytest.mark.parametrize("pointer", LONGEST)
def test_intake_takes_as_many_characters_as_the_common_limits_say(pointer: str) -> None:
    ComplaintForm.model_validate(sent(pointer, "x" * LONGEST[pointer]))
    with pytest.raises(ValidationError):
        ComplaintForm.model_validate(sent(pointer, "x" * (LONGEST[pointer] + 1)))


def test_every_text_that_may_be_corrected_has_its_common_limit() -> None:
    assert {one: most for one, most in TEXTS.items() if one not in NO_TEXT} == LONGEST


@pytest.mark.parametrize("name", ["name", "uscc", "address", "phone", "email", "platform"])
def test_a_step_takes_as_many_characters_of_a_respondent_as_intake(name: str) -> None:
    most = LONGEST[f"/respondent/{name}"]
    StepForm.model_validate({name: "x" * most})
    with pytest.raises(ValidationError):
        StepForm.model_validate({name: "x" * (most + 1)})


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/complainant/phone", "abc"),
        ("/respondent/phone", "???"),
        ("/complainant/email", "a@b..cn"),
        ("/respondent/uscc", "91350100M000100Y44"),
        ("/matter/amount_fen", 10**12 + 1),
        ("/matter/amount_fen", -1),
        ("/matter/happened_on", "0001-01-01"),
        ("/matter/happened_on", "2999-01-01"),
    ],
)
def test_what_intake_refuses_a_correction_refuses_with_the_same_words(
    pointer: str, value: Any
) -> None:
    complaint = ComplaintForm.model_validate(sent(pointer, value)).record()
    [refused] = faults(complaint, TODAY, may_know_less=True)
    with pytest.raises(RuleErrors) as corrected:
        check_changes({pointer: value}, TODAY)
    assert [str(one) for one in corrected.value.errors] == [str(refused)]
    assert refused.pointer == pointer
