"""Usual complaints; override what matters."""

from typing import Any
from uuid import uuid4

from services.intake.use_cases.checking import Sender, Submission, submitted
from services.intake.use_cases.submission import ComplaintForm
from shared.bodies import Bodies
from shared.events import CaseEvent
from tests.conftest import NOON

STRANGER = Sender()
PARTNER = Sender("service:console", trusted=True)


def a_complaint(**changed: Any) -> dict[str, Any]:
    """The JSON of a complete complaint; `matter_text="…"` changes one field of a part."""
    made: dict[str, Any] = {
        "kind": "complaint",
        "channel": "web",
        "complainant": {"name": "张三", "phone": "138 0013 8000"},
        "respondent": {"name": "安澜禾木家居有限公司", "uscc": "91350100M000100Y43"},
        "matter": {
            "subject": "实木餐桌开裂",
            "text": "买了一套实木餐桌椅，一个月后桌面开裂，店家不退不换。",
            "happened_on": "2026-05-01",
            "region": "510903",
            "amount_fen": 1280000,
            "nature": "quality",
            "category": "goods_home_electronics",
        },
        "claims": [{"kind": "refund", "amount_fen": 1280000}],
        "evidence": ["小票"],
        "consents": {"forwarding": True, "mediation": True},
    }
    for name, value in changed.items():
        part, _, field = name.partition("_")
        if part in made and isinstance(made[part], dict) and field:
            made[part] = {**made[part], field: value}
        else:
            made[name] = value
    return made


def a_submission(
    *, key: str | None = None, sender: Sender = STRANGER, **changed: Any
) -> Submission:
    """A complete complaint, checked."""
    form = ComplaintForm.model_validate(a_complaint(**changed))
    return submitted(form, sender, key, Bodies(), NOON)


def of_a_case(
    event: type[CaseEvent], complaint: object, version: int, state: str, **facts: Any
) -> CaseEvent:
    """What mediation says of the case of a complaint, with every fact that it must have."""
    usual = {"occurred_at": NOON, "case_id": uuid4(), "body": "main"}
    said = {"complaint_id": complaint, "version": version, "state": state}
    return event.model_validate(usual | said | facts)
