"""Steps at the desk, which leave a case where it is: whose it is, and notes."""

from services.mediation.use_cases.effects.act import Act, Effect
from shared.kernel import RuleError


class NobodyToTakeItError(RuleError):
    """A service cannot take a case."""


def assign(act: Act) -> Effect:
    """Give the case to a unit, to a colleague, or to nobody (分派).

    What is not named stays: who only names a unit takes it out of everybody's hands.
    """
    unit = act.facts.get("unit", act.case.unit)
    assignee = act.facts.get("assignee")
    whose = {"assignee": assignee, "unit": unit}
    return Effect(whose, said=whose)


def take(act: Act) -> Effect:
    """Take the case oneself (接办)."""
    if act.actor.kind != "staff":
        raise NobodyToTakeItError("只有工作人员可以接办案件。")
    me = act.actor.id
    return Effect({"assignee": me}, said={"assignee": me, "unit": act.case.unit})


def note(act: Act) -> Effect:
    """Add a note (备注)."""
    act.need("text", "请写备注的内容。")
    return Effect(said={"fields": ()})
