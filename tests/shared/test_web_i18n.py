"""Every sentence a person may read has its English, and no English stands idle."""

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from shared.i18n import CATALOGUES, ROOT, read_catalogue
from shared.web.extract import in_python, parts, places, report


@pytest.mark.parametrize("part", parts())
def test_every_sentence_has_its_english_and_none_is_dead(part: str) -> None:
    found = report(part)
    assert found.missing == []
    assert found.dead == []
    assert found.unlike == []


def clashes(folders: Iterable[Path]) -> dict[str, set[str | tuple[str, ...]]]:
    """Sentences that different catalogues say differently in English."""
    said: dict[str, set[str | tuple[str, ...]]] = defaultdict(set)
    for folder in folders:
        for sentence, english in read_catalogue(folder / "en.po").items():
            said[sentence].add(english)
    return {sentence: ways for sentence, ways in said.items() if len(ways) > 1}


def test_no_sentence_has_two_different_translations() -> None:
    folders = [folder for pattern in CATALOGUES for folder in sorted(ROOT.glob(pattern))]
    assert len(folders) >= 5
    assert clashes(folders) == {}


def test_a_sentence_with_two_translations_is_found(tmp_path: Path) -> None:
    for name, english in (("a", "Refuse"), ("b", "Not accepted"), ("c", "Refuse")):
        (tmp_path / name).mkdir()
        entry = f'msgid "不予受理"\nmsgstr "{english}"\n\nmsgid "受理"\nmsgstr "Accept"\n'
        (tmp_path / name / "en.po").write_text(entry, encoding="utf-8")
    folders = sorted(tmp_path.iterdir())
    assert clashes(folders) == {"不予受理": {"Refuse", "Not accepted"}}
    assert clashes(folders[::2]) == {}


def test_sentences_are_found_where_code_marks_them() -> None:
    code = """
raise NoSuchCaseError("没有编号为 {number} 的案件。", number=number)
LABELS = {1: N_("已登记")}
raise ValueError("短" "句" if short else "长句")
log.info("不是给人看的")
raise KeyError("not Chinese")
"""
    found = list(in_python(ast.parse(code)))
    assert sorted(found) == sorted(["没有编号为 {number} 的案件。", "已登记", "短句", "长句"])


def test_places_of_a_sentence_are_found_in_both_notations() -> None:
    assert places("第{page}页，%(n)s件，{amount:.2f}") == {"page", "n", "amount"}
