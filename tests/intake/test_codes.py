"""Credit codes, identity numbers, phones, mail addresses, public numbers and query codes."""

import re
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain import id_number
from services.intake.domain.errors import MistypedIdNumberError
from services.intake.domain.id_number import check_id_number
from services.intake.domain.number import public_number
from services.intake.domain.query_code import grouped, material, query_code
from shared.record import uscc
from shared.record.contact import check_email, check_phone
from shared.record.errors import MistypedCreditCodeError, MistypedEmailError, MistypedPhoneError
from shared.record.uscc import check_uscc
from shared.text import normal_number

TODAY = date(2026, 11, 22)
CODE = "91350100M000100Y43"  # the sample of GB 32100-2015
PERSON = "11010519491231002X"  # the sample of GB 11643-1999


def test_the_samples_of_the_standards_are_right() -> None:
    check_uscc(CODE, "/respondent/uscc")
    check_id_number(PERSON, TODAY, "/complainant/id_number")


@given(st.integers(0, 16), st.sampled_from(uscc.ALPHABET))
def test_one_wrong_character_in_a_credit_code_is_always_found(place: int, wrong: str) -> None:
    if CODE[place] == wrong:
        return
    with pytest.raises(MistypedCreditCodeError):
        check_uscc(CODE[:place] + wrong + CODE[place + 1 :], "/x")


@given(st.text(uscc.ALPHABET, min_size=17, max_size=17))
def test_every_credit_code_has_exactly_one_check_character(first: str) -> None:
    right = [c for c in uscc.ALPHABET if accepts(first + c)]
    assert right == [uscc.check_character(first)]


def accepts(code: str) -> bool:
    try:
        check_uscc(code, "/x")
    except MistypedCreditCodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("91350100M000100Y4", "统一社会信用代码是18位，您填了17位。"),
        ("91350100M000100YI3", "统一社会信用代码里不会有“I”，请对照营业执照再看一遍。"),
        ("91350100M000100Y44", "统一社会信用代码的校验位不对，请对照营业执照再看一遍。"),
        ("91350100M000100Y34", "统一社会信用代码的校验位不对，请对照营业执照再看一遍。"),
    ],
)
def test_a_wrong_credit_code_is_told_what_is_wrong(typed: str, sentence: str) -> None:
    with pytest.raises(MistypedCreditCodeError) as refused:
        check_uscc(typed, "/respondent/uscc")
    assert str(refused.value) == sentence
    assert refused.value.pointer == "/respondent/uscc"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1101051949123100", "居民身份证号码是18位，您填了16位。"),
        (
            "1101051949123100XX",
            "居民身份证号码只有数字，最后一位可以是X，请对照证件再看一遍。",
        ),
        ("110105194902310021", "居民身份证号码里的出生日期不对，请对照证件再看一遍。"),
        ("110105209912310026", "居民身份证号码里的出生日期不对，请对照证件再看一遍。"),
        ("110105194912310021", "居民身份证号码的校验位不对，请对照证件再看一遍。"),
    ],
)
def test_a_wrong_identity_number_is_told_what_is_wrong(typed: str, sentence: str) -> None:
    with pytest.raises(MistypedIdNumberError) as refused:
        check_id_number(typed, TODAY, "/complainant/id_number")
    assert str(refused.value) == sentence


@given(st.integers(0, 16), st.integers(0, 9))
def test_one_wrong_digit_in_an_identity_number_is_always_found(place: int, wrong: int) -> None:
    typed = PERSON[:place] + str(wrong) + PERSON[place + 1 :]
    if typed != PERSON:
        assert id_number.check_digit(typed[:17]) != PERSON[17]


@pytest.mark.parametrize(
    "number",
    [
        "13800138000", "19912345678", "01088886666", "08252222222", "02888886666转801",
        "4001234567", "12315", "12345", "95588", "955885", "+14155552671",
    ],
)  # fmt: skip
def test_a_number_that_can_be_dialled_passes(number: str) -> None:
    check_phone(number, "/x")


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("1380000000", "手机号应是11位，您填了10位。"),
        ("138001380001", "手机号应是11位，您填了12位。"),
        ("2222222", "座机号码请带上区号，例如0825-2222222。"),
        ("88886666", "座机号码请带上区号，例如0825-2222222。"),
        ("", "这不像一个电话号码，请填手机号，或者带区号的座机号。"),
        ("02", "这不像一个电话号码，请填手机号，或者带区号的座机号。"),
    ],
)
def test_a_number_that_cannot_be_dialled_is_told_why(number: str, sentence: str) -> None:
    with pytest.raises(MistypedPhoneError) as refused:
        check_phone(number, "/complainant/phone")
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "address", ["a@example.com", "li.si+315@mail.example.cn", "张三@例子.中国"]
)
def test_a_mail_address_passes(address: str) -> None:
    check_email(address, "/x")


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@", "@b.cn", "a@b", "a b@c.cn", "a@b..cn", "a@b.cn\nBcc: x@y.cn", "<a@b.cn>",
     "a@b.cn,c@d.cn", "a@" + "b" * 250 + ".cn"],
)  # fmt: skip
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    with pytest.raises(MistypedEmailError):
        check_email(address, "/x")


@given(st.dates(date(2026, 1, 1), date(2099, 12, 31)), st.integers(0, (1 << 45) - 1))
def test_a_public_number_begins_with_its_day_and_is_its_own_normal_form(
    day: date, chance: int
) -> None:
    number = public_number(day, chance)
    assert re.fullmatch(r"\d{6}-[0-9A-HJKMNP-TV-Z]{9}", number)
    assert number.startswith(day.strftime("%y%m%d"))
    assert normal_number(number.lower().replace("-", "")) == number


def test_a_query_code_is_twelve_characters_of_its_mac() -> None:
    assert query_code(bytes.fromhex("ffffffffffffffff") + bytes(24)) == "ZZZZZZZZZZZZ"
    assert query_code(bytes(32)) == "000000000000"
    assert query_code(bytes.fromhex("0123456789abcdef") + bytes(24)) == "04HMASW9NF6Y"
    assert grouped("7KQ4M2XD9RTB") == "7KQ4 M2XD 9RTB"


def test_a_new_generation_is_another_material() -> None:
    one = UUID("01890000-0000-7000-8000-000000000001")
    assert material(one, 1) == one.bytes + b"\x00\x00\x00\x01"
    assert material(one, 1) != material(one, 2)
