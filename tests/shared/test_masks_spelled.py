"""What is known of somebody is hidden in a text however it is spelled there; other words stay."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.masks import Secrets, masked_text
from shared.masks.complaints import secrets_of

PHONE, ID, LANDLINE, PASSPORT = "13812345678", "510902199001011231", "08252222222", "E12345678"
KNOWN = secrets_of(
    [
        {"name": "孙晓梅", "phone": PHONE, "id_number": ID, "address": "遂宁市船山区凯旋路 88 号"},
        {"name": "Li Lei", "phone": LANDLINE, "id_number": PASSPORT},
        {"name": "阿卜杜拉·买买提", "phone": "+1 212 555 0100"},
        {"name": "王芳"},
        {"name": "José May"},
    ]
)
DIGITS = "0123456789"
SCRIPTS = (
    DIGITS, "０１２３４５６７８９", "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "٠١٢٣٤٥٦٧٨٩", "⓪①②③④⑤⑥⑦⑧⑨", "洞幺两三四五六拐八勾",
)  # fmt: skip
KEYCAP = "\ufe0f\u20e3"
BETWEEN = st.text(
    st.sampled_from(" -/、，,.。·:：（）()[]【】|\n\t　—_+*#~\u200b\ufe0f"), max_size=4
)
WORDS = st.text(st.sampled_from("我的手机是，。打给他买了冰箱abc \n"), max_size=12)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话 1 3 8 1 2 3 4 5 6 7 8。", "电话 138****5678。"),
        ("1-3-8-1-2-3-4-5-6-7-8", "138****5678"),
        ("138/1234/5678", "138****5678"),
        ("（138）12345678", "138****5678"),
        ("138、1234、5678", "138****5678"),
        ("138 1234\n5678", "138****5678"),
        ("壹叁捌壹贰叁肆伍陆柒捌", "138****5678"),
        ("".join(one + KEYCAP for one in PHONE), "138****5678" + KEYCAP),
        ("+86（138）1234-5678转9", "138****5678转**"),
        ("0086 13812345678", "138****5678"),
        ("013812345678", "138****5678"),
        ("打一一三八一二三四五六七八一共两次", "打一138****5678一共两次"),
        ("订单13812345678001", "订单138****5678001"),
        ("0825/2222222", "0825-****222"),
        ("+86 825 2222222", "0825-****222"),
        ("打2222222就行", "打****222就行"),
        ("+1 (212) 555-0100", "+12****00"),
        ("身份证5109 0219 9001 0112 31。", "身份证510***********1231。"),
        ("5-1-0-9-0-2-1-9-9-0-0-1-0-1-1-2-3-1", "510***********1231"),
        ("510902\n19900101\n1231", "510***********1231"),
        ("护照 e 1234 5678 号", "护照 E******78 号"),
    ],
)
def test_a_known_number_is_hidden_whatever_stands_between_its_digits(text: str, shown: str) -> None:
    assert KNOWN.hidden_in(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我叫孙 晓 梅", "我叫孙**"),
        ("孙　晓梅和王　芳", "孙**和王*"),
        ("孙\u200b晓\n梅", "孙**"),
        ("LI LEI, li lei, LiLei, Ｌｉ Ｌｅｉ", "L**, L**, L**, L**"),
        ("阿卜杜拉•买买提、阿卜杜拉買", "阿**、阿卜杜拉買"),
        ("阿卜杜拉.买买提和阿卜杜拉买买提", "阿**和阿**"),
        ("Jose May、JOSÉ MAY", "J**、J**"),
        ("住凯旋路88号", "住****"),
        ("住凯旋路８８号", "住****"),
    ],
)
def test_a_known_name_or_address_is_hidden_with_blanks_in_other_case_and_with_other_dots(
    text: str, shown: str
) -> None:
    assert KNOWN.hidden_in(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "订单号2024051300000001，花了13812元",
        "运单1381234567，型号138-1234-567",
        "2222222222元，订单22222222，2-2222222件，第2222222A号",
        "138、1234、5679元",
        "1381234共5678元",
        "138 1234 ………………………… 5678",
        "二〇二四年五月一三日，一三八一二三四五六七",
        "5109 0219 9001 0112 32",
        "Wali Leipzig, ali lei, may I, Josephine Mayer",
        "孙晓，梅花；孙先生，晓梅",
        "提到王，芳草地；王-芳；王\n芳",
        "阿卜杜拉说买买提",
        "凯旋路8号",
    ],
)
def test_words_sums_and_orders_that_only_resemble_what_is_known_stay(text: str) -> None:
    assert Secrets(*KNOWN).hidden_in(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话 1 3 9 1 2 3 4 5 6 7 8。", "电话 139****5678。"),
        ("1-3-9-1-2-3-4-5-6-7-8", "139****5678"),
        ("（139）12345678", "139****5678"),
        ("壹叁玖壹贰叁肆伍陆柒捌", "139****5678"),
        ("一 三 九 一二三四五六七八", "139****5678"),
        ("".join(one + KEYCAP for one in "13912345678"), "139****5678" + KEYCAP),
        ("他的身份证5109 0319 9001 0112 3X", "他的身份证5109 0319 9001 0112 3X"),
        ("他的身份证5109 0319 9001 0112 38", "他的身份证510***********1238"),
        ("电话 2 3 4 5 6 7 8", "电话 ****678"),
    ],
)
def test_of_a_number_that_nobody_knows_the_usual_spellings_are_hidden(
    text: str, shown: str
) -> None:
    assert masked_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "花了138、1234、5678元",
        "138/1234/5678",
        "18-03-05 12345元",
        "1 3 5 7 9 1 3 5 7 9 1 3 5 7 9",
        "评分1-3-5-2-4-1-2-3-5-4-2-1",
        "壹拾叁万捌仟壹佰贰拾叁元肆角伍分",
        "订单5109 0219 9014 0112 31",
        "运单5109 0319 9001 0112 30",
    ],
)
def test_of_numbers_that_nobody_knows_sums_rows_and_orders_stay(text: str) -> None:
    assert masked_text(text) == text


@given(
    st.sampled_from((PHONE, ID)),
    st.lists(BETWEEN, min_size=17, max_size=17),
    st.lists(st.sampled_from(SCRIPTS), min_size=18, max_size=18),
    WORDS,
    WORDS,
)
def test_no_spelling_of_a_known_number_shows_it(
    number: str, between: list[str], scripts: list[str], before: str, after: str
) -> None:
    signs = [script[int(digit)] for digit, script in zip(number, scripts, strict=False)]
    parts = [sign + mark for sign, mark in zip(signs, [*between, ""], strict=False)]
    written = "".join([*parts[: len(number) - 1], signs[len(number) - 1]])
    veiled = KNOWN.veiled(f"{before}{written}{after}")
    mask = "138****5678" if number == PHONE else "510***********1231"
    assert mask in veiled.shown
    assert written not in veiled.shown
    assert veiled.shown == KNOWN.hidden_in(f"{before}{written}{after}")
    assert veiled.edited("昨天，" + veiled.shown) == f"昨天，{before}{written}{after}"


@given(
    st.sampled_from(("孙晓梅", "阿卜杜拉·买买提", "Li Lei")),
    st.lists(st.sampled_from(["", " ", "　", "·", "•", " . ", "\u200b"]), min_size=8, max_size=8),
    st.sampled_from([str.upper, str.lower, str.title]),
    st.text(st.sampled_from("我叫，。！买了"), max_size=8),
)
def test_no_spelling_of_a_known_name_shows_it(
    name: str, between: list[str], case: Callable[[str], str], around: str
) -> None:
    letters = case(name).replace("·", "").replace(" ", "")
    written = "".join(a + b for a, b in zip(letters, [*between, ""], strict=False)).strip(
        " 　·•.\u200b"
    )
    veiled = KNOWN.veiled(f"{around}{written}{around}")
    assert veiled.shown == f"{around}{name[0]}**{around}"
    assert veiled.behind(0, len(veiled.shown)) == f"{around}{written}{around}"


@given(st.text(st.sampled_from("0123456789 -/年月日元，。孙王李 abcLi\n件"), max_size=80))
def test_of_a_text_that_holds_nothing_of_theirs_nothing_more_is_hidden(text: str) -> None:
    theirs = KNOWN._replace(phones=(PHONE,), documents=(ID,))
    bare = "".join(one for one in text if one.isalnum()).casefold()
    if not any(one in bare for one in (PHONE, ID, "孙晓梅", "王芳", "lilei")):
        assert theirs.hidden_in(text) == masked_text(text)


@pytest.mark.parametrize("text", ["1" * 10_000, "孙晓梅" * 3_333, "1-" * 5_000, PHONE * 900])
def test_spots_that_overlap_are_one_and_nothing_is_left_between(text: str) -> None:
    known = Secrets(("孙晓梅", "晓梅孙"), (), ("1111111", PHONE), ("11111111111",))
    veiled = known.veiled(text)
    assert veiled.shown == known.hidden_in(text)
    assert veiled.behind(0, len(veiled.shown)) == text
