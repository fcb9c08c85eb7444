"""Personal numbers inside running text, hidden where they stand (自由文本脱敏)."""

import re
from collections.abc import Iterable, Iterator

from shared.masks.names import called, starred_name
from shared.masks.said import said
from shared.masks.signs import SPOKEN, plainly
from shared.masks.spots import Hidden, Stage, replaced
from shared.masks.values import (
    HIDDEN,
    masked_account,
    masked_email,
    masked_id,
    masked_phone,
    masked_plate,
)

_SPOKEN_SIGNS = str.maketrans(SPOKEN)
SEP = r"[ \-]{0,3}"
"""What may stand between two digits of one number: blanks and dashes, of any width."""
LONGEST_ID = 18
APART = r"[ \-]{1,3}"
NO_MORE = r"(?!\d)"
DAY = r"(?:19|20)\d{2}-?(?:0?[1-9]|1[0-2])-?[0-3]?\d(?!\d)"
ONE_BY_ONE = rf"1{APART}[3-9](?:{APART}\d){{9}}(?!{APART}\d(?!\d))"
"""Eleven digits, each by itself, and no longer row of such."""
MOBILE = (
    rf"(?:(?:1[3-9]\d|\(1[3-9]\d\))(?:{SEP}\d){{8}}|1[3-9]\d\.\d{{4}}\.\d{{4}}"
    rf"|(?<!\d[ \-]){ONE_BY_ONE}){NO_MORE}"
)
AREA = r"\(?(?:010|02\d|0[3-9]\d{2})\)?"
LANDLINE = rf"{AREA}{SEP}[2-9](?:{SEP}\d){{6,7}}(?:转\d{{1,6}})?{NO_MORE}"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_KINDS = re.compile(
    rf"""
    (?=[\d*+(A-Z._%\-{PROVINCES}卡账帐银信储电手座联致拨来微护通证])(?:  # else none of these begins
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
        [A-HJ-NP-Z0-9挂学警港澳](?![A-Z0-9]) ))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GROUPED_ID = re.compile(
    rf"(?<!\d)[1-9](?:{SEP}\d){{5}}{SEP}(?:1{SEP}[89]|2{SEP}0)(?:{SEP}\d){{2}}"
    rf"{SEP}[01]{SEP}\d{SEP}[0-3](?:{SEP}\d){{4}}{SEP}[\dX]{NO_MORE}",
    re.IGNORECASE,
)
_SPOKEN_PHONES = re.compile(
    r"(?P<mobile>1[ .\-]{0,3}[3-9](?:[ .\-]{0,3}\d){9})"
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


def stages(names: Iterable[str] = ()) -> Iterator[Stage]:
    """The looks at a text, in their order."""
    yield from ANYBODYS
    yield from names_in(names)


def names_in(names: Iterable[str]) -> Iterator[Stage]:
    """The look for these names of people; none where there are none."""
    if known := {form for one in names for form in called(one)}:
        yield said(known, starred_name)


def papers_in(text: str) -> Iterator[Hidden]:
    """Numbers of identity cards in groups of any size; their check digit tells them from others."""
    plain = plainly(text) if len(text) > LONGEST_ID else ""
    for found in _GROUPED_ID.finditer(plain):
        number = bare(found[0]).upper()
        if len(found[0]) > len(number) and is_resident_id(number):
            yield (*found.span(), masked_id(found[0].replace("-", "")))


def numbers_in(text: str) -> Iterator[Hidden]:
    """The numbers in a text."""
    for found in _KINDS.finditer(plainly(text)):
        kind = str(found.lastgroup)
        if kind != "seen" and (kind != "card" or is_card(found[kind])):
            yield (*found.span(kind), mask_of(kind, found[kind]))


def spoken_in(text: str) -> Iterator[Hidden]:
    """Phones that are written in characters, or partly so."""
    if SPOKEN.keys().isdisjoint(text):
        return
    plain = plainly(text)
    for found in _SPOKEN_PHONES.finditer(plain.translate(_SPOKEN_SIGNS)):
        start, end = found.span()
        inside = plain[max(start - 1, 0) : start + 1].isdecimal() and start > 0
        if not inside and sum(one in SPOKEN for one in plain[start:end]) > 1:
            kind = str(found.lastgroup)
            yield start, end, mask_of(kind, found[kind])


ANYBODYS: tuple[Stage, ...] = (papers_in, numbers_in, spoken_in)
"""The looks for numbers of people of whom nothing is known, in their order."""


def mask_of(kind: str, value: str) -> str:
    """What stands in the place of a number."""
    if kind == "local":
        return HIDDEN + bare(value)[-3:]
    return MASKS[kind](bare(value) if kind != "mail" else value)


def bare(number: str) -> str:
    """A number without what stands between its digits."""
    return re.sub(r"[ .\-()]", "", number)


def is_resident_id(number: str) -> bool:
    """Whether the check character of an identity card is right (GB 11643, ISO 7064 MOD 11-2)."""
    rest = sum(
        int(digit) << place for digit, place in zip(number[:17], range(17, 0, -1), strict=True)
    )
    return number[17] == "10X98765432"[rest % 11]


def is_card(number: str) -> bool:
    """Whether the check digit of a bank card is right (ISO/IEC 7812-1, Luhn)."""
    digits = [int(one) for one in number if one.isdigit()]
    doubled = [sum(divmod(2 * one, 10)) for one in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
