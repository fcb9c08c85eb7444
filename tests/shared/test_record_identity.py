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


@pytest.mark.parametrize(
    ("who", "kept", "may_be"),
    [
        (Claimed("张三丰", "13800000001"), KEPT, True),
        (Claimed("", "", ID), KEPT, True),
        (Claimed("张三丰"), KEPT, False),
        (Claimed("张三丰"), {"name": "张三丰", "phone": "13800000001"}, False),
        (Claimed("张三丰", "", ID), {"name": "张三丰", "phone": "13800000001"}, False),
        (Claimed("李四", "13800000001"), KEPT, False),
        (Claimed("张三丰", "13800000001"), {"name": "张三 丰"}, True),
        (Claimed("张三丰"), {"name": "张三丰", "phone": "", "id_number": None}, True),
        (Claimed("", "13800000001"), {"name": "张三丰"}, False),
        (Claimed("李四"), {"name": "张三丰"}, False),
        (Claimed(), {}, False),
    ],
)
def test_in_a_record_that_is_named_a_name_is_enough_only_where_no_number_is_kept(
    who: Claimed, kept: dict[str, str | None], *, may_be: bool
) -> None:
    assert who.fits(kept) is may_be


def test_as_whom_they_speak_is_the_first_part_they_are_found_in() -> None:
    who = Claimed("张三丰", "13800000001")
    assert (
        who.part_in({"complainant": [{"name": "王"}], "agent": [None], "joint": [KEPT]}) == "joint"
    )
    assert who.part_in({"complainant": [KEPT], "joint": [KEPT]}) == "complainant"
    assert who.part_in({"complainant": [{}]}) is None
