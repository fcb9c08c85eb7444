"""Who somebody is in a record: by number, never by name alone, and never against what is known."""

import pytest

from shared.record.identity import Claimed

KEPT = {"name": "张 三丰", "phone": "+86 138-0000-0001", "id_number": "51090319900307123x"}
ID = "51090319900307123X"


@pytest.mark.parametrize(
    ("who", "same"),
    [
        (Claimed("张三丰", "13800000001", ID), True),
        (Claimed("张三丰", "13800000001"), True),
        (Claimed("张三丰", "", ID), True),
        (Claimed("", "", ID), True),
        (Claimed("张三丰"), False),
        (Claimed(), False),
        (Claimed("李四", "13800000001", ID), False),
        (Claimed("张三丰", "13900000002", ID), False),
        (Claimed("张三丰", "13800000001", "110101199003071233"), False),
    ],
)
def test_a_number_tells_them_and_nothing_may_disagree(who: Claimed, *, same: bool) -> None:
    assert who.is_same(KEPT) is same


def test_what_the_record_does_not_know_does_not_disagree_and_does_not_tell() -> None:
    assert Claimed("张三丰", "13800000001", ID).is_same({"name": "张三丰", "phone": "13800000001"})
    assert not Claimed("张三丰", "", ID).is_same({"name": "张三丰", "phone": "13800000001"})
    assert not Claimed("张三丰", "13800000001").is_same({"name": "张三丰"})


def test_as_whom_they_speak_is_the_first_part_they_are_found_in() -> None:
    who = Claimed("张三丰", "13800000001")
    assert (
        who.part_in({"complainant": [{"name": "王"}], "agent": [None], "joint": [KEPT]}) == "joint"
    )
    assert who.part_in({"complainant": [KEPT], "joint": [KEPT]}) == "complainant"
    assert who.part_in({"complainant": [{}]}) is None
