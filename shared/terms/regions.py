"""Administrative division codes (GB/T 2260): six digits, province, city, county."""

import re
from importlib.resources import files

_SIX = re.compile(r"[1-9][0-9]{5}")


def read_regions() -> dict[str, str]:
    """The names of the divisions we know, by code."""
    lines = files(__package__).joinpath("regions.csv").read_text("utf-8").splitlines()
    rows = (line.split(",") for line in lines if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows}


REGIONS: dict[str, str] = read_regions()
"""Provinces, prefectures and some counties; codes of other counties are accepted, unnamed."""
PROVINCES = {code[:2] for code in REGIONS if code.endswith("0000")}


def is_region(code: str) -> bool:
    """Whether this is a division code: six digits of a province that exists."""
    return bool(_SIX.fullmatch(code)) and code[:2] in PROVINCES


def region_name(code: str | None) -> str:
    """`510903` is 四川省遂宁市: every level we know the name of; the code where we know none."""
    if not code:
        return ""
    levels = dict.fromkeys((code[:2] + "0000", code[:4] + "00", code))
    return "".join(REGIONS[one] for one in levels if one in REGIONS) or code
