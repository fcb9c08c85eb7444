"""Pages speak by sentences that are translated: no Chinese word or mark stands in a template."""

import re
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "services"
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
LETTER = re.compile(r'<article class="sheet".*?</article>', re.DOTALL)
"""A letter as it goes out: Chinese, whatever language its reader on the desk has chosen."""
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
TEMPLATES = [
    path
    for service in ("intake", "notification")
    for path in sorted((SERVICES / service / "templates").rglob("*.html"))
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_nothing_stands_in_a_template_that_an_english_reader_could_not_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for left_out in (COMMENT, LETTER, CODE):
        text = left_out.sub("", text)
    assert CHINESE.findall(text) == []
