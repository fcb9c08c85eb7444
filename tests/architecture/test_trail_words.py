"""The trail offers no deed that nobody does, and knows the console by one name."""

import re
from pathlib import Path

from shared.trail import Deed

ROOT = Path(__file__).parents[2]
ROOMS = ("shared", "services", "deploy")
HOME = Path("shared/trail")


def sources(*besides: Path) -> str:
    """The source of all modules, but for these places."""
    files = [one for room in ROOMS for one in sorted((ROOT / room).rglob("*.py"))]
    kept = [one for one in files if not any(one.is_relative_to(ROOT / at) for at in besides)]
    return "\n".join(one.read_text("utf-8") for one in kept)


def test_every_deed_that_the_filter_offers_is_noted_somewhere() -> None:
    text = sources(HOME / "deeds.py")
    named = set(re.findall(r"\bDeed\.([A-Z_]+)", text))
    never = [one.name for one in Deed if one.name not in named and f'"{one.value}"' not in text]
    assert never == []


def test_the_console_is_made_in_one_place() -> None:
    made = re.compile(r'Doer\(\s*(?:"console"|CONSOLE\b)')
    assert made.findall(sources(HOME / "said.py")) == []
    assert len(made.findall((ROOT / HOME / "said.py").read_text("utf-8"))) == 1
