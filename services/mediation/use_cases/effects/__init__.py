"""What each step does to a case: its columns, its clocks, what it says, what the log keeps."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from services.mediation.domain.case import Step
from services.mediation.use_cases.effects import course, desk, record
from services.mediation.use_cases.effects.act import Act, Effect

__all__ = ["EFFECTS", "Act", "Effect", "as_values"]

EFFECTS: dict[Step, Callable[[Act], Effect]] = {
    Step.ACCEPT: course.accept,
    Step.REFUSE: course.refuse,
    Step.NAME_RESPONDENT: record.name_respondent,
    Step.FORWARD: course.forward,
    Step.RECORD_REPLY: course.record_reply,
    Step.AGREE: course.agree,
    Step.FAIL: course.fail,
    Step.WITHDRAW: course.withdraw,
    Step.CLOSE: course.close,
    Step.REOPEN: course.reopen,
    Step.ASSIGN: desk.assign,
    Step.TAKE: desk.take,
    Step.AMEND: record.amend,
    Step.NOTE: desk.note,
}


def as_values(facts: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What the log keeps of a step, as plain JSON values."""
    plain: dict[str, Any] = json.loads(json.dumps({**said, **facts}, default=str))
    return {name: value for name, value in plain.items() if value is not None}
