"""Document numbers (文号)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain.number import DocumentNumber, read_number


def test_a_number_is_written_with_the_brackets_of_the_standard() -> None:
    assert str(DocumentNumber("消转", 2026, 12)) == "消转〔2026〕12号"


@pytest.mark.parametrize(
    "typed",
    [
        "消转〔2026〕12号",
        " 消转[2026]12号 ",
        "消转（2026）12",
        "消转【2026】第12号",
        "消转〔２０２６〕１２号",
        "消转 ( 2026 ) 12 号",
    ],
)
def test_however_it_is_typed_it_is_the_same_number(typed: str) -> None:
    assert read_number(typed) == DocumentNumber("消转", 2026, 12)


@pytest.mark.parametrize(
    "typed", ["", "消转", "12号", "〔2026〕12号", "消转〔26〕12号", "消转〔2026〕号"]
)
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_number(typed) is None


@given(year=st.integers(2000, 2999), serial=st.integers(1, 999_999_999))
def test_what_is_written_can_be_read(year: int, serial: int) -> None:
    number = DocumentNumber("示消转", year, serial)
    assert read_number(str(number)) == number
