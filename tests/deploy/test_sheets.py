"""What a file is, its content says; what cannot be read is refused in a sentence."""

import zipfile
from pathlib import Path

import pytest

from deploy.imports.layout import layout_of
from deploy.imports.mapping import FieldMap, load_map, shipped_maps
from deploy.imports.problems import FileRefusedError, MapRefusedError
from deploy.imports.sheets import open_sheet
from shared.terms import Channel, Claim, Kind
from tests.deploy.files import MAILBOX, a_message, a_workbook

CSV = '留言编号,留言时间,留言详情\n7,2026/5/2,“镕”字打不出来\n8,2026/5/3,"两行\n的话"\n'


def refusal(path: Path, sheet: str | None = None) -> str:
    with pytest.raises(FileRefusedError) as refused:
        open_sheet(path, sheet)
    return str(refused.value)


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_a_text_file_is_read_in_the_encoding_it_has(
    tmp_path: Path, encoding: str, named: str
) -> None:
    path = tmp_path / "留言.csv"
    path.write_bytes(CSV.encode(encoding))
    sheet = open_sheet(path)
    assert sheet.encoding == named
    assert sheet.rows == [
        (1, ["留言编号", "留言时间", "留言详情"]),
        (2, ["7", "2026/5/2", "“镕”字打不出来"]),
        (3, ["8", "2026/5/3", "两行\n的话"]),
    ]


def test_a_semicolon_or_a_tab_may_separate(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for separator in ";\t":
        path.write_text(separator.join(["编号", "内容"]) + "\n")
        assert open_sheet(path).rows == [(1, ["编号", "内容"])]


def test_an_encoding_that_is_neither_is_named_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("编号,内容\n1,好\n".encode() + b"2,\xff\xfe\xff\n")
    assert refusal(path) == (
        "文件的编码既不是 UTF-8 也不是 GB18030：按 UTF-8 读到第 3 行就读不下去；"
        "请另存为 UTF-8 的 csv。"
    )


def test_a_quote_that_never_closes_refuses_the_file_and_names_the_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('编号,内容\n1,好\n2,"没有结束\n3,后面的\n')
    assert refusal(path) == "从第 3 行起引号不成对或有一格过长，后面的行无法读；请改正后再导。"


def test_what_is_no_spreadsheet_is_refused_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    assert refusal(path) == "这是旧版 xls 或加了密码的文件；请打开后另存为不带密码的 xlsx。"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert refusal(path) == "这不是文本，也不是 xlsx；请另存为 xlsx 或 UTF-8 的 csv。"
    path.write_bytes(b"")
    assert refusal(path) == "文件“a.xlsx”是空的。"
    assert refusal(tmp_path / "b.xlsx").startswith("打不开文件“b.xlsx”：")


def test_a_broken_workbook_says_how_to_mend_it(tmp_path: Path) -> None:
    whole = a_workbook(tmp_path / "whole.xlsx", [MAILBOX, a_message(1)]).read_bytes()
    path = tmp_path / "half.xlsx"
    path.write_bytes(whole[: len(whole) // 2])
    sentence = "文件“half.xlsx”已损坏，或不是 xlsx；请在 Excel 或 WPS 里打开后另存为 xlsx 再试。"
    assert refusal(path) == sentence
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<nonsense>")
    assert refusal(path) == sentence
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", "x")
    assert refusal(path) == sentence


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"\0" * 64 * 1024**2)
    assert refusal(path) == ("文件解开后有 64 MB，与它的大小不相称，不读；请另存为新的 xlsx 再试。")


def test_rows_keep_the_numbers_the_spreadsheet_shows(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", [MAILBOX, a_message(1)], above=3)
    sheet = open_sheet(path)
    assert [number for number, row in sheet.rows if any(row)] == [4, 5]
    assert refusal(path, "没有") == "文件里没有工作表“没有”；有：Sheet。"


def test_a_missing_column_is_named_and_so_is_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("留言编号,内容\n")
    with pytest.raises(FileRefusedError) as refused:
        layout_of(open_sheet(path), load_map("mayor-mailbox"))
    assert str(refused.value) == (
        "按对照表“市长信箱留言”，文件“a.csv”缺少列：留言时间或来信时间、"
        "留言详情或留言内容或信件内容（按 UTF-8 读；若列名成了乱码，请另存为 UTF-8）。"
    )


def test_columns_nobody_knows_are_told_not_dropped_silently(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", [["编号", "投诉内容 *", "颜色"], ["1", "内容", "红"]])
    layout = layout_of(open_sheet(path), load_map("ledger"))
    assert layout.places == {"external.id": (0, "编号"), "matter.text": (1, "投诉内容 *")}
    assert layout.unused == ("颜色",)


def test_every_shipped_map_is_valid() -> None:
    assert shipped_maps() == ["ledger", "mayor-mailbox"]
    assert [load_map(name).name for name in shipped_maps()] == shipped_maps()


def test_shipped_maps_speak_only_codes_that_exist() -> None:
    codes = {"kind": Kind, "channel": Channel, "claims.kind": Claim}
    for chosen in map(load_map, shipped_maps()):
        for target, terms in codes.items():
            field = chosen.fields.get(target, FieldMap())
            spoken = {*field.values.values(), *([field.value] if field.value else [])}
            assert spoken <= {term.value for term in terms}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "不是 YAML"),
        (
            "name: a\ntitle: b\nsource: c\nfields: {matter.colour: 颜色}",
            "没有的字段：matter.colour",
        ),
        ("name: a\ntitle: b\nsource: 大\nfields: {}", "的 source 不对"),
        ("name: a\ntitle: b\nsource: c\nfields: {}\nsheets: x", "的 sheets 不对"),
    ],
)
def test_a_wrong_map_is_refused_by_place(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(text)
    with pytest.raises(MapRefusedError, match=says):
        load_map(str(path))


def test_a_map_that_is_nowhere_names_the_shipped_ones() -> None:
    with pytest.raises(MapRefusedError) as refused:
        load_map("nowhere")
    assert str(refused.value) == (
        "没有对照表“nowhere”；自带的有：ledger、mayor-mailbox，或给出 YAML 文件的路径。"
    )
