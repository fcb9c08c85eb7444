"""Four eyes (四眼原则): nobody is a second pair of their own, whoever stands in for whom."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.rights import Hands, are_two
from shared.trail import SYSTEM, Doer

ZHOU, WU, LI = UUID(int=1), UUID(int=2), UUID(int=3)
PEOPLE = st.sampled_from((ZHOU, WU, LI, UUID(int=4)))
ANYBODY = st.one_of(st.none(), PEOPLE)
HANDS = st.builds(Hands, ANYBODY, ANYBODY)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Hands(ZHOU), Hands(ZHOU)),
        (Hands(ZHOU), Hands(WU, ZHOU)),
        (Hands(ZHOU, WU), Hands(WU)),
        (Hands(ZHOU, WU), Hands(LI, WU)),
        (Hands(ZHOU, WU), Hands(ZHOU, LI)),
        (Hands(None), Hands(WU)),
        (Hands(ZHOU), Hands(None, WU)),
    ],
)
def test_a_stand_in_of_either_is_no_second_person(first: Hands, second: Hands) -> None:
    assert not are_two(first, second)


def test_two_people_are_two_also_where_each_stands_in_for_somebody_else() -> None:
    assert are_two(Hands(ZHOU), Hands(WU))
    assert are_two(Hands(ZHOU, LI), Hands(WU, UUID(int=4)))


@given(HANDS, HANDS)
def test_two_pairs_of_eyes_have_nobody_in_common_and_it_does_not_matter_who_was_first(
    first: Hands, second: Hands
) -> None:
    assert are_two(first, second) == are_two(second, first)
    assert not are_two(first, first)
    if are_two(first, second):
        assert first.doer is not None
        assert second.doer is not None
        assert not {first.doer, first.holder} & ({second.doer, second.holder} - {None})


@given(HANDS, HANDS, PEOPLE)
def test_who_is_in_both_is_never_a_second_pair(first: Hands, second: Hands, who: UUID) -> None:
    for one in (first._replace(doer=who), first._replace(holder=who)):
        for other in (second._replace(doer=who), second._replace(holder=who)):
            assert not are_two(one, other)


def test_whose_hands_a_doer_has() -> None:
    assert Doer("staff", ZHOU, "周专员", for_id=WU, for_name="吴专员").hands == Hands(ZHOU, WU)
    assert SYSTEM.hands == Hands(None)
