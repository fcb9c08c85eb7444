"""Administrative division codes (GB/T 2260): six digits, province, city, county."""

import re
from importlib.resources import files

_SIX = re.compile(r"[1-9][0-9]{5}")


def read_rows() -> list[list[str]]:
    """Code, Chinese name and, for provinces, English name of the divisions we know."""
    lines = files(__package__).joinpath("regions.csv").read_text("utf-8").splitlines()
    return [line.split(",") for line in lines if line and not line.startswith("#")]


_ROWS = read_rows()
REGIONS: dict[str, str] = {code: name for code, name, *_ in _ROWS}
"""Provinces, prefectures and some counties; codes of other counties are accepted, unnamed."""
PROVINCES_IN_ENGLISH: dict[str, str] = {code: more[0] for code, _, *more in _ROWS if more}
PROVINCES = {code[:2] for code in PROVINCES_IN_ENGLISH}


def is_region(code: str) -> bool:
    """Whether this is a division code: six digits of a province that exists."""
    return bool(_SIX.fullmatch(code)) and code[:2] in PROVINCES


def region_choices(language: str = "zh") -> list[tuple[str, str]]:
    """Codes and names to choose from: provinces and prefectures; in English, provinces."""
    if language == "en":
        return sorted(PROVINCES_IN_ENGLISH.items(), key=lambda one: one[1])
    return [(code, region_name(code)) for code in sorted(REGIONS) if code.endswith("00")]


def region_name(code: str | None) -> str:
    """`510903` is 四川省遂宁市: every level we know the name of; the code where we know none."""
    if not code:
        return ""
    levels = dict.fromkeys((code[:2] + "0000", code[:4] + "00", code))
    return "".join(REGIONS[one] for one in levels if one in REGIONS) or code
