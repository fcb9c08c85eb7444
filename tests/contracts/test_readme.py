"""The two introductions, English and Chinese, say the same things."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = (ROOT / name for name in ("README.md", "README.zh-CN.md"))
CODE = re.compile(r"`(/[^`]*|redress [a-z]+(?: [a-z]+)?)")


@pytest.mark.parametrize("what", ["```mermaid", "/analytics/", "/mediation/register", "make crash"])
def test_both_show_the_same_things(what: str) -> None:
    assert what in ENGLISH.read_text("utf-8")
    assert what in CHINESE.read_text("utf-8")


def test_both_name_the_same_pages_and_commands() -> None:
    named = [set(CODE.findall(one.read_text("utf-8"))) for one in (ENGLISH, CHINESE)]
    english, chinese = ({one.replace("{服务}", "{service}") for one in them} for them in named)
    assert english == chinese


def test_both_have_as_many_parts_pictures_and_tables() -> None:
    counted = [
        {mark: len(re.findall(mark, one.read_text("utf-8"), re.MULTILINE)) for mark in MARKS}
        for one in (ENGLISH, CHINESE)
    ]
    assert counted[0] == counted[1]


MARKS = (r"^## ", r"^!\[", r"^\| --- ", r"^  \w+.* -- ")
"""Headings, pictures, tables, arrows of the diagram."""
