"""Personal numbers in running text: found however they are written; other numbers stay."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.masks import masked_text

DIGITS = "0123456789"
AROUND = st.text(st.sampled_from("我的手机是，。 打给他买了一台冰箱"), max_size=12)
SEPARATORS = st.sampled_from(["", " ", "-", " - ", "　", "－", "·", "\u200b", "."])
WIDTHS = st.sampled_from([DIGITS, "０１２３４５６７８９", "〇一二三四五六七八九", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我的手机是138 0000 0000，请回电", "我的手机是138****0000，请回电"),
        ("138-0000-0000", "138****0000"),
        ("１３８００００００００", "138****0000"),
        ("一三八零零零零零零零零打这个", "138****0000打这个"),
        ("+86 13800000000", "138****0000"),
        ("tel13800000000", "tel138****0000"),
        ("**13800000000**", "**138****0000**"),
        ("13800000000/13900000000", "138****0000/139****0000"),
        ("13800000000 200元", "138****0000 200元"),
        ("座机0825-2222222转8", "座机0825-****222转**"),
        ("（0825）2222222", "0825-****222"),
        ("电话：2345678", "电话：****678"),
        ("电话138000000001", "电话****001"),
        ("QQ：123456789", "QQ：****789"),
        ("打13800000000一共两次", "打138****0000一共两次"),
        ("138零零零零0000", "138****0000"),
        ("国外+1 212 555 0100", "国外+12****00"),
        ("身份证51090319900101123X", "身份证510***********123X"),
        ("身份证510903 19900101 123x", "身份证510***********123x"),
        ("身份证510903900101123号", "身份证510********1123号"),
        ("邮箱zhang.san@example.com。", "邮箱z***@example.com。"),
        ("邮箱zhang＠example.com", "邮箱z***@example.com"),
        ("卡号6222 0200 0000 0000 123", "卡号****0123"),
        ("付到4111 1111 1111 1111了", "付到****1111了"),
        ("车牌川J12345、川J·D12345", "车牌川J***45、川J****45"),
        ("护照：E12345678", "护照：E******78"),
    ],
)
def test_personal_numbers_are_hidden_where_they_stand(text: str, shown: str) -> None:
    assert masked_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "花了13800元，退了12,8050元",
        "订单号2024051300000001",
        "手机2024-05-13买的，手机20240513坏的，手机13800元",
        "手机订单12345678",
        "订单号2024051300000000一台，二〇二四年五月一三日",
        "运单SF1380000000000",
        "2024-05-13 12:30买的，18-03-05 12345元",
        "金额13800000.00元",
        "型号KFR-35GW/NhAc1，2345678",
        "投诉编号260513-ABC123456",
        "打了12315和95588",
        "统一社会信用代码91510900MA62ABCD1X",
        "邮编629000，共1200平方米",
        "甲公司 2024 年 5 月 13 日",
        "",
    ],
)
def test_amounts_days_and_orders_stay(text: str) -> None:
    assert masked_text(text) == text


def test_names_that_are_known_are_hidden_in_the_text_too() -> None:
    said = "张三丰买的，张三看见的，找张三丰"
    assert masked_text(said, ["张三", "张三丰"]) == "张**买的，张*看见的，找张**"
    assert masked_text("王说的", ["王", ""]) == "王说的"


@given(AROUND, AROUND, st.text(DIGITS, min_size=8, max_size=8), SEPARATORS, WIDTHS)
def test_no_way_to_write_a_mobile_number_shows_it(
    before: str, after: str, rest: str, between: str, digits: str
) -> None:
    number = f"138{rest}"
    written = between.join((number[:3], number[3:7], number[7:]))
    spelled = written.translate(str.maketrans(DIGITS, digits))
    shown = masked_text(f"{before}{spelled}{after}")
    assert f"138****{number[-4:]}" in shown
    assert spelled not in shown
    assert shown == masked_text(f"{before}138{'0' * 4}{number[-4:]}{after}")


@given(st.text(st.sampled_from("0123456789 -*X@.a川J转+（，"), max_size=60))
def test_a_text_without_numbers_stays_so(text: str) -> None:
    once = masked_text(text)
    assert masked_text(once) == once


@given(st.text(max_size=200))
def test_text_without_digits_and_addresses_stays(text: str) -> None:
    if not any(one.isdigit() or one in "@＠﹫〇零一二三四五六七八九幺" for one in text):
        assert masked_text(text) == text


def test_the_longest_text_of_a_complaint_takes_no_noticeable_time() -> None:
    for text in ("a" * 100_000, "1-" * 50_000, "0" * 100_000, "电话" * 50_000, "川A" * 50_000):
        began = perf_counter()
        assert masked_text(text) == text
        assert perf_counter() - began < 5
