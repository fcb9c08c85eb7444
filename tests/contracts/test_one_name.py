"""One thing, one name: in sources, pages and translations alike."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = ("services", "shared", "deploy", "docs")
KINDS = {".py", ".html", ".yaml", ".po", ".md", ".typ"}
MEANT = {
    "投诉举报处理暂行办法": "市场监督管理投诉举报处理办法 (in force since 2026-04-15)",
    "Order 121": "市场监督管理投诉举报处理办法",
    "O121": "市场监督管理投诉举报处理办法",
    "暂停清除": "暂停删除",
}
"""What a law or a thing was called, and what it is called."""


def sources() -> list[Path]:
    """Everything that people read or that pages are made of."""
    inside = (path for place in PLACES for path in (ROOT / place).rglob("*"))
    return [path for path in (*inside, *ROOT.glob("*.md")) if path.suffix in KINDS]


@pytest.mark.parametrize(("old", "name"), MEANT.items())
def test_nothing_goes_by_another_name(old: str, name: str) -> None:
    called = [str(path) for path in sources() if old in path.read_text(encoding="utf-8")]
    assert called == [], f"say {name}"
