"""Whose right somebody uses: their own first; a lent one (代理) names its holder, id and name."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.acting import Caller, Staff, doer_of, doers_of
from shared.rights import (
    EVERYTHING,
    NOTHING,
    Action,
    Grant,
    Hands,
    NotAllowedError,
    Reach,
    Rights,
    Role,
    Thing,
    grant_from,
)
from shared.trail import Doer
from shared.units import Place, Tree, Unit, path_of

ME, HEAD, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
CITY, WARD, ROOM = UUID(int=11), UUID(int=12), UUID(int=13)
UPPER, LOWER = path_of("", CITY), path_of(path_of("", CITY), WARD)
TREE = Tree(
    (
        Unit(CITY, "main", UPPER),
        Unit(WARD, "main", LOWER, parent=CITY),
        Unit(ROOM, "main", path_of(LOWER, ROOM), parent=WARD),
    )
)
DOER = Doer("staff", ME, "林调解员", "mediator")
MINE = Grant(Role.MEDIATOR, ME, "main", WARD, LOWER)
LENT = Grant(Role.SECRETARY_GENERAL, HEAD, "main", holder_name="何秘书长")
NEXT = Grant(Role.LEADER, OTHER, "main", CITY, UPPER, "王主任")


def caller(*grants: Grant) -> Caller:
    return Caller(DOER, Rights(grants), TREE)


def test_who_uses_their_own_right_acts_for_nobody() -> None:
    doer = caller(LENT, MINE).doing(Action.CASE_HANDLE, Place("main", WARD))
    assert doer == Doer("staff", ME, "林调解员", "mediator")


def test_who_uses_a_lent_right_appears_with_both_ids_and_both_names() -> None:
    doer = caller(LENT, MINE).doing(Action.CASE_HANDLE, Place("main"))
    assert doer == Doer("staff", ME, "林调解员", "secretary_general", HEAD, "何秘书长")


def test_what_lies_in_several_hands_is_reached_by_any_of_them() -> None:
    one = caller(Grant(Role.DEPARTMENT_CONTACT, ME, "main"))
    place = Place("main", ROOM, (OTHER, ME))
    assert one.doing(Action.CASE_READ, place).role == "department_contact"
    with pytest.raises(NotAllowedError):
        one.doing(Action.CASE_READ, Place("main", ROOM, (OTHER,)))


def test_one_of_several_rights_is_enough_and_the_first_is_named_where_there_is_none() -> None:
    one = caller(Grant(Role.REGISTRAR, ME, "main"))
    wanted = (Action.CASE_HANDLE, Action.CASE_AMEND)
    assert one.doing_any(wanted, Place("main")).role == "registrar"
    with pytest.raises(NotAllowedError) as refused:
        one.doing_any(wanted, Place("other"))
    assert refused.value.facts["action"] is Action.CASE_HANDLE


def test_what_begins_in_a_body_takes_a_right_anywhere_in_it() -> None:
    assert caller(LENT, MINE).doing_in(Action.CASE_REGISTER, "main").for_id is None
    lent = caller(LENT).doing_in(Action.CASE_REGISTER, "main")
    assert (lent.for_id, lent.for_name) == (HEAD, "何秘书长")
    with pytest.raises(NotAllowedError):
        caller(LENT, MINE).doing_in(Action.CASE_REGISTER, "other")
    assert Caller(DOER).doing_in(Action.CASE_REGISTER, "other") == DOER


def test_sisters_act_in_their_own_name() -> None:
    console = Doer("console", None, "控制台")
    assert Caller(console).doing(Action.CASE_EXPORT, Place("main")) == console


def test_whose_right_it_is_travels_to_the_sisters_with_its_name() -> None:
    assert grant_from(LENT.as_facts()) == LENT
    assert grant_from(LENT.as_facts()).holder_name == "何秘书长"
    assert "holder_name" not in MINE.as_facts()
    assert "何秘书长" not in repr(LENT)


def drawn_on(*grants: Grant, bodies: tuple[str, ...] = ("main",)) -> list[Grant]:
    return Rights(grants).drawn_on(Action.CASE_EXPORT, ME, bodies)


def test_a_list_draws_on_lent_rights_only_where_they_reach_further() -> None:
    own = Grant(Role.LEADER, ME, "main", CITY, UPPER)
    ward = Grant(Role.MEDIATOR, HEAD, "main", WARD, LOWER, "何调解员")
    assert drawn_on(LENT, MINE) == [MINE, LENT]
    assert drawn_on(LENT, NEXT, MINE) == [MINE, LENT]
    assert drawn_on(NEXT, ward, MINE) == [MINE, NEXT]
    assert drawn_on(ward, own) == [own]
    assert drawn_on(LENT, MINE, bodies=("other",)) == []
    assert drawn_on(LENT) == [LENT]


def test_who_may_do_everything_or_nothing_draws_on_nobodys_rights() -> None:
    for rights in (EVERYTHING, NOTHING):
        assert rights.drawn_on(Action.CASE_EXPORT, ME, ("main",)) == []


THINGS = [
    Thing(body, unit, path, owner)
    for body in ("main", "other")
    for unit, path in ((None, ""), (CITY, UPPER), (WARD, LOWER), (ROOM, path_of(LOWER, ROOM)))
    for owner in (None, ME, HEAD)
]
BODIES = st.sampled_from(("main", "other", ""))
PLACES = st.sampled_from(((None, ""), (CITY, UPPER), (WARD, LOWER)))


@st.composite
def grants(draw: st.DrawFn) -> Grant:
    unit, path = draw(PLACES)
    body = draw(BODIES)
    role = draw(st.sampled_from(tuple(Role)))
    here = (unit, path) if body else (None, "")
    return Grant(role, draw(st.sampled_from((ME, HEAD))), body, *here)


@given(st.lists(grants(), max_size=3), grants(), st.sampled_from(tuple(Action)))
def test_what_is_covered_admits_nothing_that_the_other_does_not(
    held: list[Grant], lent: Grant, action: Action
) -> None:
    mine = Reach()
    for one in held:
        mine |= one.reach(action)
    further = [one for one in THINGS if lent.reach(action).admits(one) and not mine.admits(one)]
    if mine.covers(lent.reach(action), lent.path):
        assert further == []


def test_whoever_works_on_all_within_reach_does_it_for_whom_it_reaches_further() -> None:
    who = Staff(ME, "lin", "林调解员", "mediator", "main", grants=(LENT, MINE))
    assert doer_of(who, Action.CASE_READ).hands == Hands(ME, HEAD)
    assert doer_of(replace(who, grants=(MINE,)), Action.CASE_READ).hands == Hands(ME)
    assert doer_of(replace(who, grants=()), Action.CASE_READ).hands == Hands(ME)


def test_a_list_is_somebodys_once_for_each_whose_right_it_takes() -> None:
    other = Grant(Role.SECRETARY_GENERAL, UUID(int=77), "other", holder_name="吴秘书长")
    who = Staff(ME, "lin", "林调解员", "mediator", "main", grants=(LENT, other, MINE))
    everybody = doers_of(who, Action.CASE_READ)
    assert [(one.hands, one.for_name) for one in everybody] == [
        (Hands(ME), ""),
        (Hands(ME, HEAD), "何秘书长"),
        (Hands(ME, UUID(int=77)), "吴秘书长"),
    ]
    assert [one.hands for one in doers_of(who, Action.CASE_READ, ("other",))] == [
        Hands(ME, UUID(int=77))
    ]
    assert [one.hands for one in doers_of(replace(who, grants=()), Action.CASE_READ)] == [Hands(ME)]
