"""What staff may correct in a record, and the limits of each field."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.kernel import RuleError, RuleErrors

SHORT, LONG, WORDS = 100, 300, 10_000
MOST_FEN = 10**15
TEXTS = {
    "/complainant/name": SHORT,
    "/complainant/phone": 30,
    "/complainant/email": SHORT,
    "/complainant/address": LONG,
    "/respondent/name": SHORT,
    "/respondent/uscc": 18,
    "/respondent/address": LONG,
    "/respondent/phone": 30,
    "/respondent/email": SHORT,
    "/respondent/platform": SHORT,
    "/matter/subject": SHORT,
    "/matter/text": WORDS,
    "/matter/place": LONG,
    "/matter/region": 6,
    "/matter/goods_or_service": SHORT,
    "/matter/order_no": SHORT,
    "/matter/nature": 40,
    "/matter/category": 40,
}
"""Fields with text, and the most characters of each."""
AMOUNT, HAPPENED = "/matter/amount_fen", "/matter/happened_on"
NEVER_EMPTY = frozenset({"/matter/text"})
RESPONDENT = ("name", "uscc", "address", "phone", "email", "platform")
USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: digits and letters without I, O, S, V, Z."""
USCC_LENGTH = 18
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class UnknownFieldError(RuleError):
    """A field that is no part of the record, or not for staff to change."""


class FieldTooLongError(RuleError):
    """More characters than the field takes."""


class FieldNeededError(RuleError):
    """The field must not be empty."""


class WrongValueError(RuleError):
    """The value is not of the field's kind."""


class WrongUsccError(RuleError):
    """The check character of the unified social credit code does not fit."""


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
        return UnknownFieldError("「{field}」不是可以更正的项目。", pointer=pointer, field=pointer)
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
    return form_fault(pointer, value)


def form_fault(pointer: str, value: str) -> RuleError | None:
    if pointer == "/respondent/uscc" and not is_uscc(value):
        return WrongUsccError("统一社会信用代码不对：应为18位，最后一位是校验码。", pointer=pointer)
    if pointer.endswith("/email") and not EMAIL.fullmatch(value):
        return WrongValueError("电子邮箱的写法不对，例如 a@example.com。", pointer=pointer)
    return None


def amount_fault(value: Any) -> RuleError | None:
    if value is None or (type(value) is int and 0 <= value <= MOST_FEN):
        return None
    return WrongValueError("金额要以分为单位，是不小于0的整数。", pointer=AMOUNT)


def day_fault(value: Any, today: date) -> RuleError | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return WrongValueError("日期要写成 2026-01-31 的样子。", pointer=HAPPENED)
    if day > today:
        return WrongValueError("日期不能晚于今天。", pointer=HAPPENED)
    return None


def is_uscc(code: str) -> bool:
    """Whether a unified social credit code has its form and check character (GB 32100-2015)."""
    if len(code) != USCC_LENGTH or any(letter not in USCC_LETTERS for letter in code):
        return False
    weighed = sum(
        USCC_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(code[:-1])
    )
    return USCC_LETTERS[-weighed % 31] == code[-1]
