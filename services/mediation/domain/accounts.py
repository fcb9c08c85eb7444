"""What an account may be called, and what a telephone on a letter looks like."""

import re

from shared.kernel import RuleError
from shared.text import clean, normal_name

NAMES = re.compile(r"[\w.@-]{2,40}")
PHONE = re.compile(r"(?=(?:.*\d){3})[\d+() 转、/-]{3,60}")
"""A telephone as a letter prints it: several, extensions and area codes included."""
MOST_NAME = 60


class BadAccountError(RuleError):
    """An account that cannot be: its name, telephone or role."""


def account_name(typed: str) -> str:
    """What somebody logs in with, in normal form; no blanks within. Raises BadAccountError."""
    key = normal_name(typed)
    if not NAMES.fullmatch(key) or " " in clean(typed):
        raise BadAccountError(
            "账号要2到40个字，只用文字、数字和 . - _ @，中间没有空格。", pointer="/name"
        )
    return key


def display_name(typed: str) -> str:
    """The name that colleagues and letters use. Raises BadAccountError."""
    shown = clean(typed)
    if not 0 < len(shown) <= MOST_NAME:
        raise BadAccountError("请写姓名，最多{most}个字。", pointer="/display", most=MOST_NAME)
    return shown


def office_phone(typed: str) -> str:
    """What letters will print; empty: no telephone. Raises BadAccountError."""
    phone = clean(typed)
    if phone and not PHONE.fullmatch(phone):
        raise BadAccountError(
            "这不是电话号码，请写成 0999-12315 的样子，可以带分机。", pointer="/phone"
        )
    return phone
