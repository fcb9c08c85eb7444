"""Rule packs: what is shipped holds together, and what does not is refused with its place."""

import copy
from datetime import date
from typing import Any

import pytest
import yaml

from services.mediation.domain.case import Step
from services.mediation.domain.pack_file import BrokenPackError, pack_of
from services.mediation.domain.rule_pack import (
    NoPackValidError,
    NoSuchPackError,
    NoSuchReasonError,
    in_force,
    overlaps,
)
from tests.mediation.seeds import HOME, association

PACK = association()
DATA = yaml.safe_load((HOME / "packs" / "association.yaml").read_text("utf-8"))


def spoiled(change: Any) -> dict[str, Any]:
    data = copy.deepcopy(DATA)
    change(data)
    return dict(data)


def test_the_association_promises_seven_working_days_and_keeps_articles_27_and_28() -> None:
    told = {
        name: (one.period.amount, one.period.unit.value, one.period.roll.value, one.source.zh)
        for name, one in PACK.clocks.items()
    }
    assert told == {
        "accept": (7, "working_days", "none", "本会受理期限承诺"),
        "forward": (5, "calendar_days", "rest_day", "本会规则第二十七条"),
        "reply": (5, "calendar_days", "rest_day", "本会规则第二十七条"),
        "mediate": (30, "calendar_days", "rest_day", "本会规则第二十八条"),
    }
    assert PACK.clock("reply").designated
    assert PACK.clock("mediate").extension is not None


def test_every_step_rests_on_something() -> None:
    assert set(PACK.steps) == set(Step)


def test_a_reason_is_found_by_its_code_and_has_its_number() -> None:
    assert PACK.reason(Step.REFUSE, "respondent_unclear").number == 3
    assert PACK.reason(Step.FAIL, "no_agreement").number == 3


@pytest.mark.parametrize("code", [None, "", "no_agreement", "bad"])
def test_a_reason_the_pack_does_not_know_is_refused_and_the_known_ones_are_named(
    code: str | None,
) -> None:
    with pytest.raises(NoSuchReasonError, match="请选一个理由。") as refused:
        PACK.reason(Step.REFUSE, code)
    named = "经营者之间的购销纠纷（between_operators）、消费者个人之间的私下交易纠纷"
    assert named in str(refused.value)
    assert refused.value.pointer == "/reason"


def test_the_pack_in_force_is_found_by_the_day() -> None:
    assert in_force([PACK], "association", date(2026, 1, 1)) is PACK
    with pytest.raises(NoPackValidError, match="association 在 1993-12-31"):
        in_force([PACK], "association", date(1993, 12, 31))
    with pytest.raises(NoSuchPackError, match="没有名为「bank」的规则包"):
        in_force([PACK], "bank", date(2026, 1, 1))


def test_two_versions_in_force_on_one_day_are_found() -> None:
    second = pack_of(spoiled(lambda data: data.update(version=2, valid_from=date(2026, 1, 1))))
    first = pack_of(spoiled(lambda data: data.update(valid_to=date(2025, 12, 31))))
    assert overlaps([first, second]) == []
    assert overlaps([PACK, second]) == ["association versions 1 and 2 overlap"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda data: data.pop("fail"), "fail is missing"),
        (lambda data: data.update(colour="red"), "colour is unknown"),
        (lambda data: data.update(valid_to=date(1990, 1, 1)), "valid_to lies before valid_from"),
        (lambda data: data["clocks"].pop("reply"), "clocks/reply is missing"),
        (lambda data: data["clocks"]["reply"].pop("source"), "clocks/reply/source is missing"),
        (
            lambda data: data["clocks"]["reply"].update(amount=0),
            "clocks/reply/amount must be a number of days, at least 1",
        ),
        (lambda data: data["clocks"]["reply"].update(unit="h"), "clocks/reply/unit is unknown: h"),
        (lambda data: data["clocks"]["reply"].update(roll="x"), "clocks/reply/roll is unknown: x"),
        (
            lambda data: data["clocks"]["reply"].update(starts_with="sleep"),
            "clocks/reply/starts_with is no step: sleep",
        ),
        (
            lambda data: data["clocks"]["accept"].update(roll="rest_day"),
            "clocks/accept/roll: a period of working days ends on a working day anyway",
        ),
        (
            lambda data: data["clocks"]["accept"]["label"].pop("en"),
            "clocks/accept/label has no en",
        ),
        (lambda data: data["refuse"].pop(0), "refuse: numbers must run from 1 without a gap"),
        (lambda data: data["fail"][1].update(code="time_over"), "fail: a code stands twice"),
        (lambda data: data["fail"][1].pop("source"), "fail/2/source needs words in zh and en"),
        (lambda data: data["steps"].pop("close"), "steps/close has no source"),
        (
            lambda data: data["steps"].update(sleep={"zh": "睡", "en": "s"}),
            "steps/sleep is unknown",
        ),
    ],
)
def test_a_pack_that_cannot_be_applied_is_refused_with_the_place(change: Any, fault: str) -> None:
    with pytest.raises(BrokenPackError) as refused:
        pack_of(spoiled(change))
    assert fault in refused.value.faults
