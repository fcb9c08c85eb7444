"""The steps of a case in a citizen's words."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from services.intake.domain.standing import Heard, Standing
from shared.i18n import N_

STEPS = (N_("登记"), N_("受理"), N_("转给商家"), N_("调解"), N_("结案"))
"""The five stages."""

TITLES: Mapping[str, str] = {
    "case_opened": N_("登记，等候决定是否受理"),
    "case_accepted": N_("决定受理"),
    "case_refused": N_("没有受理您的投诉"),
    "case_forwarded": N_("转给商家，请商家答复"),
    "reply_recorded": N_("商家答复了"),
    "case_agreed": N_("双方达成一致"),
    "case_failed": N_("没有谈成，调解结束"),
    "case_withdrawn": N_("您撤回了投诉"),
    "case_closed": N_("结案"),
    "case_reopened": N_("重新办理"),
    "letter_sent": N_("转送函已经发给商家"),
}
"""What each step of a case is called for the one who complained."""


class Shown(NamedTuple):
    """A file in the list."""

    name: str
    size: int
    infected: bool = False


class Step(NamedTuple):
    """One entry of the history."""

    at: datetime
    title: str
    reply_due: date | None = None
    """By when the trader was asked to answer."""


def shown_steps(
    found: Standing, received_at: datetime, withdrawn_at: datetime | None
) -> list[Step]:
    """The history, newest first, from what was heard and what intake itself knows."""
    steps = [step_of(one) for one in found.steps if known(one.step)]
    if withdrawn_at and not any(one.step == "case_withdrawn" for one in found.steps):
        steps.append(Step(withdrawn_at, TITLES["case_withdrawn"]))
    steps.append(Step(received_at, N_("收到您的投诉")))
    return sorted(steps, key=lambda one: one.at, reverse=True)


def known(step: str) -> bool:
    """Whether a step is shown: the opening says no more than the receipt did."""
    return step in TITLES and step != "case_opened"


def step_of(one: Heard) -> Step:
    due = one.facts.get("reply_due")
    return Step(one.at, TITLES[one.step], date.fromisoformat(due) if due else None)
