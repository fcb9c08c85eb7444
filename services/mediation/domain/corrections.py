"""What staff may correct in a record, and the limits of each field."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from shared.kernel import RuleError, RuleErrors
from shared.record.contact import check_email, check_phone
from shared.record.limits import LONGEST, check_amount, check_day
from shared.record.uscc import check_uscc

CODED = 40
TEXTS = {**LONGEST, "/matter/nature": CODED}
"""Fields with text, and the most characters of each."""
AMOUNT, HAPPENED = "/matter/amount_fen", "/matter/happened_on"
POINTERS = (*TEXTS, AMOUNT, HAPPENED)
"""Everything that staff may correct."""
CONTACTS = frozenset({"/complainant/phone", "/complainant/email"})
"""Where codes are sent to whoever complained."""
NEVER_EMPTY = frozenset({"/matter/text"})
RESPONDENT = ("name", "uscc", "address", "phone", "email", "platform")
FORMS: Mapping[str, Callable[[str, str], None]] = {
    "phone": check_phone,
    "email": check_email,
    "uscc": check_uscc,
}
"""What a field of this name must look like, wherever it stands: as intake asks it."""


class UnknownFieldError(RuleError):
    """A field that is no part of the record, or not for staff to change."""


class FieldTooLongError(RuleError):
    """More characters than the field takes."""


class FieldNeededError(RuleError):
    """The field must not be empty."""


class WrongValueError(RuleError):
    """The value is not of the field's kind."""


class IdentityUncheckedError(RuleError):
    """Whoever asks to have codes sent elsewhere has not shown who they are."""


class NothingToCorrectError(RuleError):
    """No field was given."""


def check_changes(changes: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The changes, fit to be kept. Raises RuleErrors with every field at fault."""
    if not changes:
        raise NothingToCorrectError("请至少更正一项。", pointer="/changes")
    faults = [fault for one in changes.items() if (fault := fault_of(*one, today))]
    if faults:
        raise RuleErrors(faults)
    return dict(changes)


def check_identity(changes: Mapping[str, Any], *, checked: bool) -> None:
    """Letters that open with a code must not open to whoever has it sent to themselves.

    For bodies that ask for such a code. Raises IdentityUncheckedError.
    """
    if not checked and CONTACTS & changes.keys():
        raise IdentityUncheckedError(
            "这个单位的函件凭验证码打开，验证码发到投诉人的电话或者邮箱。"
            "要改这两项，请先核对来人的身份证件，核对过了再勾选。",
            pointer="/identity_checked",
        )


def check_respondent(named: Mapping[str, str | None]) -> dict[str, str]:
    """The respondent as changes of the record. Raises RuleErrors."""
    given = {name: named.get(name) for name in RESPONDENT}
    changes = {f"/respondent/{name}": value for name, value in given.items() if value}
    if "/respondent/name" not in changes:
        raise FieldNeededError("请填写被投诉人的名称。", pointer="/respondent/name")
    faults = [fault for one in changes.items() if (fault := fault_of(*one, date.max))]
    if faults:
        raise RuleErrors(faults)
    return changes


def fault_of(pointer: str, value: Any, today: date) -> RuleError | None:
    """What is wrong with the new value of one field."""
    if pointer == AMOUNT:
        return amount_fault(value)
    if pointer == HAPPENED:
        return day_fault(value, today)
    if pointer not in TEXTS:
        return UnknownFieldError("这不是可以更正的项目。", pointer=pointer)
    return text_fault(pointer, value)


def text_fault(pointer: str, value: Any) -> RuleError | None:
    if value is None or value == "":
        if pointer in NEVER_EMPTY:
            return FieldNeededError("这一项不能为空。", pointer=pointer)
        return None
    if not isinstance(value, str):
        return WrongValueError("这一项要填文字。", pointer=pointer)
    if len(value) > TEXTS[pointer]:
        return FieldTooLongError("最多{most}个字。", pointer=pointer, most=TEXTS[pointer])
    if rule := FORMS.get(pointer.rpartition("/")[2]):
        return fault_in(rule, value, pointer)
    return None


def amount_fault(value: Any) -> RuleError | None:
    if value is None:
        return None
    if type(value) is not int:
        return WrongValueError("金额要以分为单位，是不小于0的整数。", pointer=AMOUNT)
    return fault_in(check_amount, value, AMOUNT)


def day_fault(value: Any, today: date) -> RuleError | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return WrongValueError("日期要写成 2026-01-31 的样子。", pointer=HAPPENED)
    return fault_in(check_day, day, today, HAPPENED)


def fault_in(rule: Callable[..., None], *facts: Any) -> RuleError | None:
    """The error of a rule that refuses these facts, if it does."""
    try:
        rule(*facts)
    except RuleError as error:
        return error
    return None
