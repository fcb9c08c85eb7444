"""What was typed into the form of a step, as the API would get it, and its errors by field."""

from typing import Any

from services.mediation.domain.case import Step
from services.mediation.domain.corrections import AMOUNT, NothingToCorrectError
from services.mediation.forms import FIELDS
from services.mediation.pages.words import text_in
from services.mediation.use_cases.labels import FIELDS as FIELD_WORDS
from shared.kernel import RuleError
from shared.record.money import fen_of


def away() -> RuleError:
    """What to tell somebody whose correction could not be kept."""
    return RuleError("登记服务暂时没有应答，您写的都还在，请稍后再提交。")


def step_fields(form: Any, step: Step) -> dict[str, Any]:
    """What a step's form gives, as the API would get it. Raises RuleError."""
    if step is Step.AMEND:
        checked = form.get("amend.identity_checked") == "true"
        return {"changes": changes_in(form)} | ({"identity_checked": True} if checked else {})
    part = "respondent." if step is Step.NAME_RESPONDENT else ""
    typed = {name: text_in(form, f"{step.value}.{part}{name}") for name in FIELDS[step]}
    given: dict[str, Any] = {name: value for name, value in typed.items() if value}
    if step is Step.ASSIGN and f"{step.value}.unit" in form:
        given["unit"] = typed["unit"]
    if "recovered_fen" in given:
        given["recovered_fen"] = fen_of(given["recovered_fen"], "/recovered_fen")
    return given


def written_in(form: Any, step: Step) -> list[str]:
    """What somebody wrote for a step, to be kept where its form is not shown any more."""
    return [
        value
        for name, value in form.items()
        if name.startswith(f"{step.value}.") and isinstance(value, str) and value.strip()
    ]


def changes_in(form: Any) -> dict[str, Any]:
    """What differs from what the page showed. Raises NothingToCorrectError."""
    changes: dict[str, Any] = {}
    for pointer in FIELD_WORDS:
        name = pointer[1:].replace("/", ".")
        before, now = form.get(f"was.{name}"), form.get(f"amend.{name}")
        if isinstance(before, str) and isinstance(now, str) and lines(now) != lines(before):
            given = now.strip() or None
            changes[pointer] = fen_in(given) if pointer == AMOUNT and given else given
    if not changes:
        raise NothingToCorrectError("请至少更正一项。")
    return changes


def lines(text: str) -> str:
    """Browsers send other line breaks than they were given."""
    return text.replace("\r\n", "\n").strip()


def fen_in(yuan: str) -> int | str:
    """Yuan as people type them, in fen; what is no amount stays as it is, to be refused."""
    try:
        return fen_of(yuan, AMOUNT)
    except RuleError:
        return yuan


def by_field(step: Step, wrong: dict[str, str]) -> dict[str, str]:
    """Errors under the names the step's form uses; those of no field stand for the whole."""
    named = {"respondent." + name for name in FIELDS[Step.NAME_RESPONDENT]}
    named |= FIELDS[step] | {pointer[1:].replace("/", ".") for pointer in FIELD_WORDS}
    found: dict[str, str] = {}
    for name, sentence in wrong.items():
        plain = name.removeprefix("changes.").strip(".")
        found.setdefault(f"{step.value}.{plain}" if plain in named else "", sentence)
    return found
