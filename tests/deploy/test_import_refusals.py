"""A file that cannot be used is refused in one sentence that says what to mend."""

import zipfile
from pathlib import Path

import pytest

from deploy.imports.layout import layout_of
from deploy.imports.mapping import load_map
from shared.sheets import open_sheet
from shared.sheets.problems import FileRefusedError
from tests.deploy.files import MAILBOX, a_message, a_workbook


def refusal(path: Path, sheet: str | None = None) -> tuple[str, str]:
    """In Chinese and in English."""
    with pytest.raises(FileRefusedError) as refused:
        open_sheet(path, sheet)
    return refused.value.remark.in_words("zh"), refused.value.remark.in_words("en")


DAMAGED = (
    "文件“a.xlsx”已损坏，或不是 xlsx；请在 Excel 或 WPS 里打开后另存为 xlsx 再试。",
    (
        "The file “a.xlsx” is damaged or no xlsx; open it in Excel or WPS, save it as xlsx and try "
        "again."
    ),
)
NO_TEXT = (
    "这不是文本，也不是 xlsx；请另存为 xlsx 或 UTF-8 的 csv。",
    "This is neither text nor xlsx; save it as xlsx, or as csv in UTF-8.",
)
NO_ROW = (
    "文件“a.xlsx”里没有一行内容；请核对是不是这个文件。",
    "There is not one row with content in “a.xlsx”; check whether it is the right file.",
)
LEDGER = "编号,投诉内容\n1,好\n".encode()


def not_throughout(encoding: str, line: int) -> tuple[str, str]:
    return (
        f"文件不全是 {encoding} 的文字：读到第 {line} 行就读不下去；请另存为 UTF-8 的 csv。",
        (
            f"The file is not {encoding} throughout: reading ends at line {line}; save it as csv "
            "in UTF-8."
        ),
    )


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (
            b"",
            (
                "文件“a.xlsx”是空的；请核对是不是这个文件。",
                "The file “a.xlsx” is empty; check whether it is the right one.",
            ),
        ),
        (b"\xef\xbb\xbf", NO_ROW),
        (b"\n \n,,\n", NO_ROW),
        (
            b"\xd0\xcf\x11\xe0" + b"\0" * 600,
            (
                "这是旧版 xls 或加了密码的文件；请打开后另存为不带密码的 xlsx。",
                (
                    "This is an old xls or has a password; open it and save it as xlsx without a "
                    "password."
                ),
            ),
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", NO_TEXT),
        ("编号,投诉内容".encode("utf-16-le"), NO_TEXT),
        (
            b" <html><table><tr><td>1",
            (
                "文件“a.xlsx”是网页或 PDF，不是表格；请在 Excel 或 WPS 里打开后另存为 xlsx。",
                (
                    "The file “a.xlsx” is a web page or PDF, not a spreadsheet; open it in "
                    "Excel or WPS and save it as xlsx."
                ),
            ),
        ),
        (LEDGER + b"2,\xff\xfe\xff\n", not_throughout("UTF-8", 3)),
        (b"\xef\xbb\xbf" + LEDGER + b"2,\xff\xfe\xff\n", not_throughout("UTF-8", 3)),
        ("编号,投诉内容\n".encode("gb18030") + b"1,\xff", not_throughout("GB18030", 2)),
        ("编号\n1\n2".encode("utf-16") + b"\1", not_throughout("UTF-16", 3)),
        (
            '编号,内容\n1,好\n2,"没有结束\n3,后面的\n'.encode(),
            (
                "从第 3 行起引号不成对或有一格过长，后面的行无法读；请改正后再导。",
                (
                    "From line 3 on a quotation mark is not closed or a cell is too long, and "
                    "nothing after it can be read; correct it and import again."
                ),
            ),
        ),
        (b"PK\x03\x04 and no more", DAMAGED),
    ],
)
def test_what_is_no_spreadsheet_is_refused_by_its_content(
    tmp_path: Path, content: bytes, sentences: tuple[str, str]
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert refusal(path) == sentences


def test_a_damaged_workbook_says_how_to_mend_it(tmp_path: Path) -> None:
    whole = a_workbook(tmp_path / "whole.xlsx", [MAILBOX, a_message(1)]).read_bytes()
    path = tmp_path / "a.xlsx"
    path.write_bytes(whole[: len(whole) // 2])
    assert refusal(path) == DAMAGED
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<nonsense>")
    assert refusal(path) == DAMAGED
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", "x")
    assert refusal(path) == DAMAGED


def test_a_workbook_without_rows_or_without_the_sheet_says_so(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", [])
    assert refusal(path)[1] == (
        "There is not one row with content in “a.xlsx / Sheet”; check whether it is the right file."
    )
    assert refusal(path, "没有") == (
        "文件里没有工作表“没有”；有：Sheet。",
        "There is no sheet “没有” in the file; there are: Sheet.",
    )


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"\0" * 64 * 1024**2)
    assert refusal(path) == (
        "文件解开后有 64 MB，与它的大小不相称，不读；请另存为新的 xlsx 再试。",
        (
            "Unpacked, the file would have 64 MB, out of proportion to its size, and is not read; "
            "save it as a new xlsx and try again."
        ),
    )


def test_what_is_no_file_is_named_with_its_path(tmp_path: Path) -> None:
    assert refusal(tmp_path) == (
        f"“{tmp_path}”是文件夹；请写明里面的哪个文件。",
        f"“{tmp_path}” is a folder; name the file in it.",
    )
    path = tmp_path / "b.xlsx"
    assert refusal(path) == (
        f"没有文件“{path}”；请核对路径。",
        f"There is no file “{path}”; check the path.",
    )


def missing(path: Path) -> tuple[str, str]:
    with pytest.raises(FileRefusedError) as refused:
        layout_of(open_sheet(path), load_map("mayor-mailbox"))
    return refused.value.remark.in_words("zh"), refused.value.remark.in_words("en")


def test_missing_columns_are_named_and_so_is_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("留言编号,内容\n")
    assert missing(path) == (
        (
            "按对照表“市长信箱留言”，“a.csv”缺少列：留言时间/来信时间、留言详情/留言内容/信件内容；"
            "请补上，或换一个对照表（按 UTF-8 读；若列名成了乱码，请另存为 UTF-8）。"
        ),
        (
            "By the map “市长信箱留言”, “a.csv” lacks columns: 留言时间/来信时间, "
            "留言详情/留言内容/信件内容; add them or choose another map (it was read as UTF-8; "
            "where names are garbled, save it as UTF-8)."
        ),
    )
    assert missing(a_workbook(tmp_path / "a.xlsx", [MAILBOX[:4]])) == (
        (
            "按对照表“市长信箱留言”，“a.xlsx / Sheet”缺少列：留言详情/留言内容/信件内容；"
            "请补上，或换一个对照表。"
        ),
        (
            "By the map “市长信箱留言”, “a.xlsx / Sheet” lacks columns: 留言详情/留言内容/"
            "信件内容; add them or choose another map."
        ),
    )
