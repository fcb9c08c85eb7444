"""What people type, made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text import (
    clean,
    clean_words,
    code,
    crockford,
    is_crockford,
    normal_crockford,
    normal_name,
    normal_number,
    normal_phone,
    phone_key,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("＋８６－13800138000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("\t138\u30000013\u200b8000 ", "13800138000"),
        ("010-88886666", "01088886666"),
        ("(010) 8888 6666", "01088886666"),
        ("（０１０）８８８８６６６６", "01088886666"),
        ("+86 10 8888 6666", "01088886666"),
        ("+86 (0)10 8888 6666", "01088886666"),
        ("0086-0825-2222222", "08252222222"),
        ("86 825 2222222", "08252222222"),
        ("0825-2222222转801", "08252222222转801"),
        ("0825-2222222 分机 801", "08252222222转801"),
        ("0825-2222222 ext. 801", "08252222222转801"),
        ("0825-2222222-801", "08252222222转801"),
        ("400-123-4567", "4001234567"),
        ("+86 400 123 4567", "4001234567"),
        ("12315", "12315"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("86612345", "86612345"),
        ("没有", ""),
    ],
)
def test_a_phone_number_has_one_form_however_it_is_typed(typed: str, meant: str) -> None:
    assert normal_phone(typed) == meant


def test_a_phone_is_found_without_its_extension() -> None:
    assert phone_key("0825-2222222转801") == phone_key("(0825)2222222") == "08252222222"


@given(st.text())
def test_normalising_twice_changes_nothing_more(typed: str) -> None:
    for normal in (clean, clean_words, code, normal_name, normal_phone, normal_crockford):
        assert normal(normal(typed)) == normal(typed)


@given(st.text())
def test_a_line_never_holds_a_break_a_tab_or_a_nul(typed: str) -> None:
    assert not set("\n\r\t\0\u3000\u200b") & set(clean(typed))


def test_a_line_keeps_its_punctuation_and_loses_what_cannot_be_seen() -> None:
    assert clean("\ufeff 买了\t１２　台\u200b，共Ａ款（新） \n") == "买了 12 台，共A款（新）"


def test_free_text_keeps_its_lines() -> None:
    typed = "第一行\t有制表 \r\n\r\n\r\n\r\n　　第二段，\u202e全角１２３\0。\r结尾"
    assert clean_words(typed) == "第一行 有制表\n\n第二段，全角123。\n结尾"


def test_names_are_compared_without_width_case_blanks_brackets_and_dots() -> None:
    assert normal_name("安澜（Ａnlan） 家居·有限公司") == normal_name("安澜(ANLAN)家居•有限公司")
    assert normal_name("阿依古丽·买买提") == normal_name("阿依古丽．买买提")
    assert normal_name("张三") != normal_name("张三丰")


def test_a_public_number_is_read_however_it_is_typed() -> None:
    for typed in (
        "261122-A1B2C3D40",
        "261122a1b2c3d4o",
        " 261122 － ａｌb2 c3d4 0",
        "261122—aIb2c3d40",
    ):
        assert normal_number(typed) == "261122-A1B2C3D40"


@pytest.mark.parametrize(
    "typed", ["", "261122", "261122-A1B2C3D4", "261122-A1B2C3D40Z", "投诉编号"]
)
def test_what_cannot_be_a_public_number_is_none(typed: str) -> None:
    assert normal_number(typed) is None


def test_base_32_of_known_values() -> None:
    assert crockford(0, 4) == "0000"
    assert crockford(31, 2) == "0Z"
    assert crockford(32, 2) == "10"
    assert crockford((1 << 60) - 1, 12) == "Z" * 12


@given(st.integers(0, (1 << 60) - 1))
def test_a_code_is_its_own_normal_form(value: int) -> None:
    made = crockford(value, 12)
    assert is_crockford(made, 12)
    assert normal_crockford(f"{made[:4]}-{made[4:8]} {made[8:]}".lower()) == made
