"""What people type into a form's fields for money and days."""

import re
from decimal import Decimal

from services.intake.domain.errors import ImpossibleAmountError
from shared.text import code

_MONEY = re.compile(r"(\d{1,13})(?:\.(\d{1,6}))?(万)?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def fen_of(typed: str, pointer: str) -> int:
    """Yuan as people write them (12,800.5、1.28万元) in fen; refuses what is no sum of money."""
    plain = code(typed).removesuffix("元").lstrip("¥￥").replace(",", "").replace("，", "")
    if found := _MONEY.fullmatch(plain):
        amount = Decimal(f"{found[1]}.{found[2] or 0}") * (10_000 if found[3] else 1) * 100
        if amount == int(amount):
            return int(amount)
    raise ImpossibleAmountError("金额请写数字，最多两位小数，例如12800.50。", pointer=pointer)


def day_of(typed: str) -> str:
    """2026/5/1、2026年5月1日 as 2026-05-01; what is no day stays as it was typed."""
    if found := _DAY.fullmatch(code(typed)):
        return f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}"
    return typed
