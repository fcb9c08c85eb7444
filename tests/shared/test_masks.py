"""Masks of names, numbers and addresses: what stays, and what is hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.masks import (
    is_company,
    is_mask_of,
    masked_account,
    masked_address,
    masked_email,
    masked_id,
    masked_name,
    masked_person,
    masked_phone,
    masked_plate,
    masked_text,
    starred_name,
)

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=6)
DIGITS = "0123456789"
ANYTHING = st.text(max_size=60)
EVERY_MASK = (
    masked_name,
    starred_name,
    masked_phone,
    masked_email,
    masked_id,
    masked_address,
    masked_account,
    masked_plate,
)


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("张三丰", "张**"),
        ("张三", "张*"),
        ("张", "*"),
        ("", ""),
        ("欧阳锋", "欧阳*"),
        ("欧阳", "欧*"),
        ("司马相如", "司马**"),
        ("诸葛建行", "诸葛**"),
        ("阿卜杜拉·买买提", "阿**"),
        ("John Smith", "J**"),
        ("李行", "李*"),
        (" 王 小厂 ", "王**"),
    ],
)
def test_of_a_name_the_family_name_stays(name: str, mask: str) -> None:
    assert masked_name(name) == mask
    assert not is_company(name)


@pytest.mark.parametrize(
    "name",
    [
        "四川好又多商贸有限公司",
        "遂宁市船山区老周家电商行",
        "周记面馆",
        "中国农业银行遂宁分行",
        "遂宁市中心医院",
        "Sichuan Foods Co., Ltd",
    ],
)
def test_the_name_of_a_company_is_no_personal_datum(name: str) -> None:
    assert is_company(name)
    assert masked_name(name) == name


@pytest.mark.parametrize(
    ("phone", "mask"),
    [
        ("13800000000", "138****0000"),
        ("+86 138-0000-0000", "138****0000"),
        ("１３８００００００００", "138****0000"),
        ("0825-1234567", "0825-****567"),
        ("(010)12345678转12", "010-*****678转**"),
        ("400-123-4567", "40****67"),
        ("+1 212 555 0100", "+12****00"),
        ("12315", "****"),
        ("", ""),
    ],
)
def test_of_a_phone_the_operator_or_the_area_stays_and_the_end(phone: str, mask: str) -> None:
    assert masked_phone(phone) == mask


def test_of_an_address_for_mail_the_first_letter_and_the_domain_stay() -> None:
    assert masked_email("zhang.san@example.com") == "z***@example.com"
    assert masked_email("z@example.com") == "***@example.com"
    assert masked_email("nothing of the kind") == "****"
    assert masked_email("") == ""


def test_of_an_id_number_the_province_and_the_last_four_stay() -> None:
    assert masked_id("51090319900101123X") == "510***********123X"
    assert masked_id("510903900101123") == "510********1123"
    assert masked_id("E12345678") == "E******78"
    assert masked_id("123456") == "******"


def test_of_an_account_the_last_four_stay() -> None:
    assert masked_account("6222 0200 0000 0000 123") == "****0123"
    assert masked_account("1234567") == "****"
    assert masked_account("13800000000") == "138****0000"
    assert masked_account("zhang@example.com") == "z***@example.com"


def test_of_a_plate_the_place_and_the_last_two_stay() -> None:
    assert masked_plate("川J12345") == "川J***45"
    assert masked_plate("川j·d12345") == "川J****45"
    assert masked_plate("川J123") == "川J*23"
    assert masked_plate("川J12") == "****"


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("王建国（中国银行客户）", "王**"),
        ("李秀英（市医院护士）", "李**"),
        ("Jose Co Tan", "J**"),
        ("Anna Bank", "A**"),
        ("欧阳小店", "欧阳**"),
    ],
)
def test_a_person_whose_name_sounds_like_a_company_is_hidden_all_the_same(
    name: str, mask: str
) -> None:
    assert starred_name(name) == mask
    assert masked_person({"name": name, "kind": "natural"}) == {"name": mask, "kind": "natural"}
    assert masked_person({"name": name}) == {"name": mask}
    assert masked_person({"name": name, "kind": None}) == {"name": mask, "kind": None}
    assert masked_text(f"{name}买的", [name]) == f"{mask}买的"
    assert is_mask_of(mask, name)


def test_a_record_is_hidden_field_by_field() -> None:
    person = {
        "name": "张三丰",
        "phone": "13800000000",
        "email": None,
        "id_type": "resident_id",
        "id_number": "51090319900101123X",
        "kind": "natural",
    }
    assert masked_person(person) == {
        "name": "张**",
        "phone": "138****0000",
        "email": None,
        "id_type": "resident_id",
        "id_number": "510***********123X",
        "kind": "natural",
    }
    assert masked_person({"name": "张家老铺", "kind": "legal"}) == {
        "name": "张家老铺",
        "kind": "legal",
    }
    assert masked_person(None) is None


@given(ANYTHING)
def test_a_mask_of_a_mask_is_the_same_mask(value: str) -> None:
    for mask in EVERY_MASK:
        assert mask(mask(value)) == mask(value), mask.__name__


@given(HAN, HAN)
def test_a_name_cannot_be_told_from_another_one_with_the_same_beginning(
    one: str, other: str
) -> None:
    first, second = masked_name("张山" + one), masked_name("张水" + other)
    assert first == second == "张**" or is_company("张山" + one) or is_company("张水" + other)


@given(st.text(DIGITS, min_size=4, max_size=4), st.text(DIGITS, min_size=4, max_size=4))
def test_a_phone_cannot_be_told_from_another_one_with_the_same_ends(one: str, other: str) -> None:
    assert masked_phone(f"138{one}0000") == masked_phone(f"138{other}0000") == "138****0000"


@given(st.text(DIGITS, min_size=10, max_size=10), st.text(DIGITS, min_size=10, max_size=10))
def test_an_id_number_cannot_be_told_from_another_one_with_the_same_ends(
    one: str, other: str
) -> None:
    assert masked_id(f"5109{one}123X") == "510***********123X" == masked_id(f"5109{other}123X")
