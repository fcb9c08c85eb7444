"""A map that cannot be used is refused by the place that is wrong, in one sentence."""

from pathlib import Path

import pytest

from deploy.imports.layout import layout_of
from deploy.imports.mapping import EXAMPLE, load_map
from deploy.imports.problems import MapRefusedError
from shared.sheets import open_sheet
from shared.sheets.problems import FileRefusedError

MAP = "name: a\ntitle: 我的\nsource: mine\nfields:\n  matter.text: 内容\n"
NO_YAML = (
    "对照表“map.yaml”第 {} 行不合 YAML 的写法；请核对缩进、冒号、引号和括号。",
    (
        "Line {} of the map “map.yaml” is not YAML; check indentation, colons, quotation marks and "
        "brackets."
    ),
)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("name: a\n  title: [b", *(one.format(2) for one in NO_YAML)),
        ("name: 2026-13-45", *(one.format(1) for one in NO_YAML)),
        (
            "- a",
            f"对照表“map.yaml”不是“名称: 值”的样子；请照 {EXAMPLE} 写。",
            f"The map “map.yaml” does not consist of “name: value”; write it like {EXAMPLE}.",
        ),
        (
            MAP + "sheets: x",
            f"对照表“map.yaml”写了没有的 sheets；请检查拼写，可照 {EXAMPLE} 改。",
            (
                f"The map “map.yaml” has sheets, which is not known; check its spelling, for "
                f"example against {EXAMPLE}."
            ),
        ),
        (
            MAP.replace("title: 我的\n", ""),
            f"对照表“map.yaml”缺 title；请照 {EXAMPLE} 补上。",
            f"The map “map.yaml” lacks title; add it like {EXAMPLE}.",
        ),
        (
            MAP.replace("mine", "我的"),
            f"对照表“map.yaml”的 source 写法不对；请照 {EXAMPLE} 改。",
            (
                f"In the map “map.yaml”, source is not written as it should be; correct it like "
                f"{EXAMPLE}."
            ),
        ),
        (
            MAP + "  matter.txt: 内容\n  b: 一",
            "对照表“map.yaml”写了没有的字段：b、matter.txt；请检查拼写。",
            (
                "The map “map.yaml” names fields that do not exist: b, matter.txt; check their "
                "spelling."
            ),
        ),
        (
            MAP + "  complainant.kind: {value: person}",
            "对照表“map.yaml”的 complainant.kind 写了没有的代码“person”；可以写：natural、legal。",
            (
                "In the map “map.yaml”, complainant.kind has the code “person”, which does not "
                "exist; what can stand there: natural, legal."
            ),
        ),
        (
            MAP.replace("matter.text: 内容", "external.id: 编号"),
            "对照表“map.yaml”没有写投诉内容（matter.text）在哪一列；请补上。",
            (
                "The map “map.yaml” does not say which column holds the text of the complaint "
                "(matter.text); add it."
            ),
        ),
    ],
)
def test_a_wrong_map_is_refused_by_place(tmp_path: Path, text: str, zh: str, en: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(text)
    assert map_refusal(str(path)) == (zh, en)


def map_refusal(name: str) -> tuple[str, str]:
    with pytest.raises(MapRefusedError) as refused:
        load_map(name)
    return refused.value.remark.in_words("zh"), refused.value.remark.in_words("en")


def test_a_map_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_bytes(MAP.encode("gbk"))
    assert map_refusal(str(path)) == (
        "对照表“map.yaml”不是 UTF-8；请另存为 UTF-8。",
        "The map “map.yaml” is not UTF-8; save it as UTF-8.",
    )


def test_a_map_that_is_nowhere_names_the_shipped_ones() -> None:
    assert map_refusal("nowhere") == (
        "没有对照表“nowhere”；自带的有：ledger、mayor-mailbox，或给出 YAML 文件的路径。",
        (
            "There is no map “nowhere”; shipped ones: ledger, mayor-mailbox. Or give the path of a "
            "YAML file."
        ),
    )


def test_a_row_of_names_that_the_file_does_not_have_is_refused(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("header_row: 9\n" + MAP)
    (tmp_path / "a.csv").write_text("内容\n关门\n")
    with pytest.raises(FileRefusedError) as refused:
        layout_of(open_sheet(tmp_path / "a.csv"), load_map(str(tmp_path / "map.yaml")))
    assert refused.value.remark.in_words("en") == (
        "The map “我的” says that the names of the columns stand in row 9, which “a.csv” does not "
        "have; change header_row."
    )


def test_the_text_is_required_even_where_the_map_does_not_say_so(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(MAP)
    assert load_map(str(tmp_path / "map.yaml")).fields["matter.text"].required
