"""What people type into a form's fields for days."""

import re

from shared.text import code

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def day_of(typed: str) -> str:
    """2026/5/1、2026年5月1日 as 2026-05-01; what is no day stays as it was typed."""
    if found := _DAY.fullmatch(code(typed)):
        return f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}"
    return typed
