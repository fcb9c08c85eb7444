"""Amounts as people write them, in whole fen (分)."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from shared.i18n import N_
from shared.sheets.cells import Cell, is_placeholder, text_of
from shared.sheets.problems import CellRefusedError, Remark

AMOUNT = re.compile(
    r"(?:人民币|RMB|CNY|[¥$])?\s*(?P<number>\d[\d,，、.\s]*)(?P<unit>亿|千万|百万|万|千|百)?\s*"
    r"(?:元|块|圆)?\s*(?:整|人民币|RMB|CNY)?(?:[左右]*)",
    re.IGNORECASE,
)
UNITS = {"百": 100, "千": 1000, "万": 10_000, "百万": 10**6, "千万": 10**7, "亿": 10**8}
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
PLAIN = re.compile(r"\d+(\.\d+)?")
COMMA_AS_POINT = re.compile(r"\d+、\d+")
LEFT_OPEN = Remark(N_("金额没有写明，按未填处理。"))
READ_AS_POINT = N_("顿号当了小数点，读作{yuan}元。")


@dataclass(frozen=True)
class Amount:
    """`fen`, and a note where the spelling left room for doubt."""

    fen: int | None
    note: Remark | None = None


def amount_of(cell: Cell) -> Amount:
    """Read an amount: 129, ¥1,234.50, 2.3万元; 10、23万元 is 10.23万元 (domain 3.3)."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Amount(in_fen(Decimal(str(cell)), text_of(cell)))
    if is_placeholder(cell):
        return Amount(None, LEFT_OPEN)
    text = unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "")
    found = AMOUNT.fullmatch(text)
    if found is None:
        raise CellRefusedError("看不懂这个金额“{value}”；请只写数字，如 129.50。", value=text)
    number, unit = found["number"].replace("，", ","), UNITS.get(found["unit"] or "", 1)
    if COMMA_AS_POINT.fullmatch(number):
        yuan = Decimal(number.replace("、", ".")) * unit
        note = Remark(READ_AS_POINT, {"yuan": format(yuan.normalize(), "f")})
        return Amount(in_fen(yuan, text), note)
    if THOUSANDS.fullmatch(number):
        number = number.replace(",", "")
    if not PLAIN.fullmatch(number):
        raise CellRefusedError("金额“{value}”的千分位或小数点不对；请改正。", value=text)
    return Amount(in_fen(Decimal(number) * unit, text))


def in_fen(yuan: Decimal, original: str) -> int:
    fen = yuan * 100
    if fen != fen.to_integral_value():
        raise CellRefusedError("金额“{value}”比一分还小；请核对。", value=original)
    if fen < 0:
        raise CellRefusedError("金额“{value}”不能是负数。", value=original)
    return int(fen)
