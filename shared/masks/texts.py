"""Personal numbers inside running text, hidden where they stand (自由文本脱敏)."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from shared.masks.names import masked_name
from shared.masks.values import (
    HIDDEN,
    masked_account,
    masked_email,
    masked_id,
    masked_phone,
    masked_plate,
)
from shared.text import normal_name

_SPOKEN = dict(zip("〇零一二三四五六七八九幺", "001234567891", strict=True))
_SPOKEN_SIGNS = str.maketrans(_SPOKEN)
_DASHES = "‐‑‒–—―－−_－·.．"
_BLANKS = "\u00a0\u3000\u2009\u200a\u202f\u200b\u200c\u200d\u2060\ufeff\t"
_PLAINLY = {"＠": "@", "（": "(", "）": ")", "＋": "+", "＊": "*"}
SEP = r"[ \-]{0,3}"
"""What may stand between two digits of one number: blanks and dashes, of any width."""
NO_MORE = r"(?!\d)"
DAY = r"(?:19|20)\d{2}-?(?:0?[1-9]|1[0-2])-?[0-3]?\d(?!\d)"
MOBILE = rf"1[3-9]\d(?:(?:{SEP}\d){{8}}|\.\d{{4}}\.\d{{4}}){NO_MORE}"
AREA = r"\(?(?:010|02\d|0[3-9]\d{2})\)?"
LANDLINE = rf"{AREA}{SEP}[2-9](?:{SEP}\d){{6,7}}(?:转\d{{1,6}})?{NO_MORE}"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_KINDS = re.compile(
    rf"""
    (?P<seen>  # a mask that stands there already
        (?<![\d*])(?:
            1[3-9]\d\*{{4}}\d{{4}} | 0\d{{2,3}}-\*{{4,5}}\d{{3}} | \+?\d{{2}}\*{{4}}\d{{2}}
          | \d{{3}}\*{{8,11}}\d{{3}}[\dX] | \*{{4}}\d{{4}} | \*{{4}}
        )(?![\d*]) )
  | (?P<mail> (?<![A-Z0-9._%+\-])[A-Z0-9._%+\-]+@[A-Z0-9\-]+(?:\.[A-Z0-9\-]+)+ )
  | (?P<id>
        (?<!\d)[1-9]\d{{5}}{SEP}(?:18|19|20)\d{{2}}{SEP}(?:0[1-9]|1[0-2]){SEP}
        (?:0[1-9]|[12]\d|3[01]){SEP}\d{{3}}{SEP}[\dX]{NO_MORE}
      | (?<!\d)[1-9]\d{{7}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}{NO_MORE} )
  | (?:卡号|账号|帐号|账户|帐户|银行卡|信用卡|储蓄卡)[^\d\n]{{0,8}}
        (?P<account>\d(?:{SEP}\d){{7,29}}){NO_MORE}
  | (?P<card> (?<!\d)[3-6]\d{{3}}(?:{SEP}\d{{4}}){{2,3}}(?:{SEP}\d{{1,3}})?{NO_MORE} )
  | (?P<mobile> (?<!\d)(?:(?:\+|00)?86{SEP})?{MOBILE} )
  | (?P<landline> (?<!\d){LANDLINE} )
  | (?P<abroad> (?<!\d)\+\d{{1,3}}(?:{SEP}\d){{6,12}}{NO_MORE} )
  | (?:电话|手机|座机|联系|致电|拨打|来电|微信|QQ|TEL|PHONE)[^\d\n单元型编]{{0,6}}
        (?!{DAY}|{MOBILE}|{LANDLINE})(?P<local>\d(?:{SEP}\d){{6,14}}){NO_MORE}
  | (?:护照|通行证|证件)[^A-Z\d\n]{{0,6}}(?P<paper>[A-Z]{{1,2}}\d{{6,9}}){NO_MORE}
  | (?P<plate> [{PROVINCES}][A-HJ-NP-Z][ \-]?(?=[A-Z]{{0,4}}\d)[A-HJ-NP-Z0-9]{{4,5}}
        [A-HJ-NP-Z0-9挂学警港澳](?![A-Z0-9]) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SPOKEN_PHONES = re.compile(
    r"(?P<mobile>1[3-9](?:[ .\-]{0,3}\d){9})"
    r"|(?P<landline>(?:010|02\d|0[3-9]\d{2})[ .\-]{0,3}[2-9](?:[ .\-]{0,3}\d){6,7})"
)
"""Where characters are digits, one before or behind may be a word: 打一一三八…八一共两次."""
MASKS = {
    "mail": masked_email,
    "id": masked_id,
    "account": masked_account,
    "card": masked_account,
    "mobile": masked_phone,
    "landline": masked_phone,
    "abroad": masked_phone,
    "paper": masked_id,
    "plate": masked_plate,
}


def masked_text(text: str, names: Iterable[str] = ()) -> str:
    """The text without phones, ID and card numbers, e-mail addresses, plates, and these names.

    Digits of any width and digits written as characters count, blanks and dashes between them do
    not. Amounts, days and numbers of orders stay.
    """
    for spots in stages(names):
        text = replaced(text, spots(text))
    return text


Hidden = tuple[int, int, str]
"""From where to where, and what stands there instead."""


Stage = Callable[[str], Iterable[Hidden]]
"""What one look at a text finds in it; the next one looks at what that one left."""


def stages(names: Iterable[str] = ()) -> Iterator[Stage]:
    """The looks at a text, in their order."""
    yield numbers_in
    yield spoken_in
    known = {one for one in names if len(normal_name(one)) > 1}
    for name in sorted(known, key=len, reverse=True):
        yield wherever(name, masked_name(name))


def wherever(secret: str, mask: str) -> Stage:
    """A look that finds one secret wherever it stands."""

    def spots(text: str) -> Iterator[Hidden]:
        at = text.find(secret)
        while at >= 0:
            yield at, at + len(secret), mask
            at = text.find(secret, at + len(secret))

    return spots


def numbers_in(text: str) -> Iterator[Hidden]:
    """The numbers in a text."""
    for found in _KINDS.finditer(plainly(text)):
        kind = str(found.lastgroup)
        if kind != "seen" and (kind != "card" or is_card(found[kind])):
            yield (*found.span(kind), mask_of(kind, found[kind]))


def spoken_in(text: str) -> Iterator[Hidden]:
    """Phones that are written in characters, or partly so."""
    if not any(one in _SPOKEN for one in text):
        return
    plain = plainly(text)
    for found in _SPOKEN_PHONES.finditer(plain.translate(_SPOKEN_SIGNS)):
        start, end = found.span()
        inside = plain[max(start - 1, 0) : start + 1].isdecimal() and start > 0
        if not inside and sum(one in _SPOKEN for one in plain[start:end]) > 1:
            kind = str(found.lastgroup)
            yield start, end, mask_of(kind, found[kind])


def replaced(text: str, spots: Iterable[Hidden]) -> str:
    """The text with these spots replaced."""
    done, parts = 0, []
    for start, end, mask in spots:
        parts += [text[done:start], mask]
        done = end
    return "".join([*parts, text[done:]])


def mask_of(kind: str, value: str) -> str:
    """What stands in the place of a number."""
    if kind == "local":
        return HIDDEN + value[-3:]
    return MASKS[kind](re.sub(r"[ .\-]", "", value) if kind != "mail" else value)


def plainly(text: str) -> str:
    """The same text, sign by sign, with the digits of any script as plain ones; 一 is a word."""
    return "".join(map(plain_sign, text))


def plain_sign(sign: str) -> str:
    """One character for one character."""
    if sign.isascii():
        return sign
    if sign in _PLAINLY:
        return _PLAINLY[sign]
    if sign in _DASHES:
        return "-"
    if sign in _BLANKS:
        return " "
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 else sign


def is_card(number: str) -> bool:
    """Whether the check digit of a bank card is right (ISO/IEC 7812-1, Luhn)."""
    digits = [int(one) for one in number if one.isdigit()]
    doubled = [sum(divmod(2 * one, 10)) for one in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
