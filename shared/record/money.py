"""Sums of money as people type them into a form, and the claim each belongs to."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from shared.record.errors import ImpossibleAmountError
from shared.terms import Claim
from shared.text import code

LONGEST_SUM = 40
"""Characters: 13 digits with a comma after each would fit."""
_MONEY = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,6}))?(万)?")
RANKED = (Claim.REFUND, Claim.DAMAGES, Claim.RETURN)
"""The claims that a sum belongs to, the likeliest first."""


def fen_of(typed: str, pointer: str) -> int:
    """Yuan as people write them (12,800.5、1.28万元) in fen; refuses what is no sum of money."""
    short = code(typed) if len(typed) <= LONGEST_SUM else ""
    plain = short.removesuffix("元").lstrip("¥￥").replace(",", "").replace("，", "")
    if found := _MONEY.fullmatch(plain):
        amount = Decimal(f"{found[1]}.{found[2] or 0}") * (10_000 if found[3] else 1) * 100
        if amount == int(amount):
            return int(amount)
    raise ImpossibleAmountError("金额请写数字，最多两位小数，例如12800.50。", pointer=pointer)


def claims_of(kinds: Sequence[str], claimed: int | None) -> list[dict[str, Any]]:
    """The chosen claims; the one sum of the form (in fen) stands with the claim it belongs to.

    A sum without any claim is claimed for something else (其他): it is never dropped.
    """
    chosen: list[dict[str, Any]] = [{"kind": str(kind)} for kind in kinds]
    if claimed is not None:
        if not chosen:
            chosen = [{"kind": Claim.OTHER.value}]
        min(chosen, key=lambda one: rank(one["kind"]))["amount_fen"] = claimed
    return chosen


def rank(kind: str) -> int:
    return next((place for place, one in enumerate(RANKED) if one == kind), len(RANKED))
