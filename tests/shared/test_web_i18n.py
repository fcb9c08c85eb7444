"""Every sentence a person may read has its English, and no English stands idle."""

import ast

import pytest

from shared.web.extract import in_python, parts, places, report


@pytest.mark.parametrize("part", parts())
def test_every_sentence_has_its_english_and_none_is_dead(part: str) -> None:
    found = report(part)
    assert found.missing == []
    assert found.dead == []
    assert found.unlike == []


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
