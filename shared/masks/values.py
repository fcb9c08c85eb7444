"""Numbers and addresses of people, each hidden but for what helps to recognise it."""

import re

from shared.text import clean, normal_phone

HIDDEN = "****"
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{7,8})")
_MASKED_PHONE = re.compile(
    r"(?:1[3-9]\d\*{4}\d{4}|0\d{2,3}-\*{4,5}\d{3}|\+?\d{2}\*{4}\d{2}|\*{4})(?:转\*{2})?"
)
KEPT = 2
"""Digits that stay at each end of a number of unknown kind."""
SHORTEST_KEPT = 7
"""A shorter number is hidden whole."""
LONGEST_WHOLE, SHORTEST_LONG = 7, 15
"""Documents: characters up to which one is hidden whole, and from which it is an ID number."""
PLATE = 2
_IN = r"[^\d\s*路街巷弄号楼栋室村]"
_PROVINCE = rf"(?:{_IN}{{2,6}}?(?:省|自治区|特别行政区))"
_CITY = rf"(?:{_IN}{{2,8}}?(?:自治州|地区|盟|市(?!场)))"
_COUNTY = rf"(?:{_IN}{{1,7}}?(?:自治县|自治旗|(?<![小社校园厂景片])区|县|旗|市(?!场)))"
_REGION = re.compile(rf"(?P<above>{_PROVINCE}?{_CITY}?)(?P<county>{_COUNTY}?)")
_ESTATE = re.compile(
    r"花园|家园|公寓|新村|广场|大厦|中心|[苑庭府]|[A-Za-z\d一二三四五六七八九十期]区$"
    r"|..[东西南北中前后]区$"
)
"""Housing estates (住宅小区) named as districts are: 滨江花园东区; but 城东区 is a district."""
DISTRICT_ALONE = range(3, 5)
"""Characters of a district that stands without its city; a longer one is a new area, or no such."""


def masked_phone(phone: str) -> str:
    """138****0000; 0825-****567; of other numbers two digits at each end."""
    line = clean(phone)
    if not line or _MASKED_PHONE.fullmatch(line):
        return line
    digits, extension, _ = normal_phone(line).partition("转")
    tail = "转**" if extension else ""
    if _MOBILE.fullmatch(digits):
        return digits[:3] + HIDDEN + digits[-4:] + tail
    if found := _LANDLINE.fullmatch(digits):
        return f"{found[1]}-{'*' * (len(found[2]) - 3)}{found[2][-3:]}{tail}"
    plus, bare = ("+", digits[1:]) if digits.startswith("+") else ("", digits)
    if len(bare) < SHORTEST_KEPT:
        return HIDDEN + tail
    return plus + bare[:KEPT] + HIDDEN + bare[-KEPT:] + tail


def masked_email(address: str) -> str:
    """z***@example.com; what is no address is hidden whole."""
    line = clean(address)
    local, at, domain = line.rpartition("@")
    if not at or not domain:
        return HIDDEN if line else ""
    first = local[0] if len(local) > 1 and local[0] != "*" else ""
    return f"{first}***@{domain}"


def masked_id(number: str) -> str:
    """510***********123X; of shorter documents the first and the last two, or nothing."""
    line = clean(number).replace(" ", "")
    if len(line) <= LONGEST_WHOLE:
        return "*" * len(line)
    first, last = (3, 4) if len(line) >= SHORTEST_LONG else (1, 2)
    return line[:first] + "*" * (len(line) - first - last) + line[-last:]


def masked_address(address: str) -> str:
    """四川省遂宁市船山区****: the region alone."""
    line = clean(address)
    region = region_of(line)
    return region if region == line else region + HIDDEN


def region_of(address: str) -> str:
    """Province, city and district with which a Chinese address begins; empty where none is sure."""
    found = _REGION.match(address)
    if found is None:
        return ""
    above, county = found["above"], found["county"]
    return above if is_estate(county, alone=not above) else above + county


def is_estate(county: str, *, alone: bool) -> bool:
    """Whether what ends as a district does may be where people live; `alone`: no city is named."""
    if not county.endswith("区"):
        return False
    area = county.endswith(("新区", "开发区"))
    lonely = alone and not area and len(county) not in DISTRICT_ALONE
    return lonely or _ESTATE.search(county) is not None


def masked_account(account: str) -> str:
    """The last four of an account's number; an account that is a phone or an address as such."""
    line = clean(account)
    if "@" in line:
        return masked_email(line)
    if _MOBILE.fullmatch(normal_phone(line)) or _MASKED_PHONE.fullmatch(line):
        return masked_phone(line)
    bare = re.sub(r"[ \-]", "", line)
    if not bare:
        return ""
    return HIDDEN if len(bare) < 2 * len(HIDDEN) else HIDDEN + bare[-4:]


def masked_plate(plate: str) -> str:
    """川J***45."""
    line = re.sub(r"[ ·•.\-]", "", clean(plate)).upper()
    if len(line) <= PLATE + PLATE:
        return "*" * len(line)
    return line[:PLATE] + "*" * (len(line) - 2 * PLATE) + line[-PLATE:]
