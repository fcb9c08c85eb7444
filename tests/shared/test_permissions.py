"""The whole matrix: every role, every action, every place; rules and databases say the same."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import Column, MetaData, Table, Text, Uuid, select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.rights import (
    EVERYTHING,
    NOTHING,
    PERMISSIONS,
    Action,
    Grant,
    NotAllowedError,
    Reach,
    Rights,
    Role,
    Scope,
)
from shared.units import Tree, Unit, path_of, within

CITY, WARD, ROOM, NEXT = (UUID(int=one) for one in (1, 2, 3, 4))
ME, OTHER = UUID(int=8), UUID(int=9)
BODIES = ("main", "other")


def unit(identity: UUID, above: str = "", parent: UUID | None = None, body: str = "main") -> Unit:
    return Unit(identity, body, path_of(above, identity), f"u{identity.int}", parent)


UPPER = unit(CITY)
MINE = unit(WARD, UPPER.path, CITY)
TREE = Tree((UPPER, MINE, unit(ROOM, MINE.path, WARD), unit(NEXT, UPPER.path, CITY)))


class Case(NamedTuple):
    """Something that lies somewhere."""

    name: str
    body: str
    unit: UUID | None
    owner: UUID | None


THINGS = (
    Case("own, elsewhere in the tenant", "main", NEXT, ME),
    Case("own, with the body itself", "main", None, ME),
    Case("same unit", "main", WARD, OTHER),
    Case("same unit, nobody's", "main", WARD, None),
    Case("below", "main", ROOM, OTHER),
    Case("above", "main", CITY, OTHER),
    Case("elsewhere in the tenant", "main", NEXT, OTHER),
    Case("with the body itself", "main", None, OTHER),
    Case("in a unit nobody told us of", "main", UUID(int=77), OTHER),
    Case("other tenant", "other", None, OTHER),
    Case("other tenant, nobody's", "other", None, None),
    Case("own, in another tenant", "other", None, ME),
)
WITHIN = {
    None: set[str](),
    Scope.OWN: {"own, elsewhere in the tenant", "own, with the body itself"},
    Scope.UNIT: {"same unit", "same unit, nobody's"},
    Scope.SUBTREE: {"same unit", "same unit, nobody's", "below"},
    Scope.TENANT: {one.name for one in THINGS if one.body == "main"},
}
"""What somebody reaches whose grant lies in the ward: the table's scopes, spelled out."""
ROLES_TIMES_ACTIONS = [(role, action) for role in Role for action in Action]


def reached(reach: Reach) -> set[str]:
    """What the rule admits."""
    placed = ((one.name, TREE.place(one.body, one.unit, one.owner)) for one in THINGS)
    return {name for name, thing in placed if reach.admits(thing)}


@pytest.mark.parametrize(("role", "action"), ROLES_TIMES_ACTIONS)
def test_every_role_may_do_what_the_table_says_where_it_says(role: Role, action: Action) -> None:
    scope = PERMISSIONS[role].get(action)
    rights = Rights((Grant(role, ME, "main", WARD, MINE.path),))
    assert rights.may(action) == (scope is not None)
    assert reached(rights.reach(action)) == WITHIN[scope]
    for one in THINGS:
        thing = TREE.place(one.body, one.unit, one.owner)
        if one.name in WITHIN[scope]:
            rights.check(action, thing)
            assert rights.used(action, ME, thing) == rights.grants[0]
        else:
            with pytest.raises(NotAllowedError):
                rights.check(action, thing)
            with pytest.raises(NotAllowedError):
                rights.used(action, ME, thing)


@pytest.mark.parametrize(("role", "action"), ROLES_TIMES_ACTIONS)
def test_a_grant_in_the_body_itself_reaches_what_lies_with_the_body(
    role: Role, action: Action
) -> None:
    everything = {one.name for one in THINGS if one.body == "main"}
    here = {one.name for one in THINGS if one.body == "main" and one.unit is None}
    of_scope = {
        None: set[str](),
        Scope.OWN: WITHIN[Scope.OWN],
        Scope.UNIT: here,
        Scope.SUBTREE: everything,
        Scope.TENANT: everything,
    }
    rights = Rights((Grant(role, ME, "main"),))
    assert reached(rights.reach(action)) == of_scope[PERMISSIONS[role].get(action)]


@pytest.mark.parametrize(("role", "action"), ROLES_TIMES_ACTIONS)
def test_a_grant_in_every_body_reaches_all_of_them(role: Role, action: Action) -> None:
    mine = {one.name for one in THINGS if one.owner == ME}
    scope = PERMISSIONS[role].get(action)
    rights = Rights((Grant(role, ME, ""),))
    wanted = {None: set[str](), Scope.OWN: mine}.get(scope, {one.name for one in THINGS})
    assert reached(rights.reach(action)) == wanted


@pytest.mark.parametrize("action", list(Action))
def test_sisters_may_do_everything_and_who_holds_nothing_nothing(action: Action) -> None:
    assert reached(EVERYTHING.reach(action)) == {one.name for one in THINGS}
    assert reached(NOTHING.reach(action)) == set()


@pytest.mark.parametrize("action", list(Action))
def test_a_token_takes_away_and_never_adds(action: Action) -> None:
    grants = (Grant(Role.SECRETARY_GENERAL, ME, "main"),)
    only = Rights(grants, frozenset({Action.FIGURES_READ, Action.STAFF_MANAGE}))
    assert only.may(action) == (action is Action.FIGURES_READ)


@pytest.mark.parametrize("action", list(PERMISSIONS[Role.LEADER]))
def test_a_role_in_a_unit_whose_place_is_not_known_reaches_nothing(action: Action) -> None:
    assert PERMISSIONS[Role.LEADER][action] is Scope.SUBTREE
    assert reached(Grant(Role.LEADER, ME, "main", WARD).reach(action)) == set()


def grants_in_question() -> Iterator[tuple[Grant, ...]]:
    """Each role in a ward, in the body, in every body; and some that come together."""
    for role in Role:
        yield (Grant(role, ME, "main", WARD, MINE.path),)
        yield (Grant(role, ME, "main"),)
        yield (Grant(role, ME, ""),)
    yield (Grant(Role.MEDIATOR, ME, "main", WARD, MINE.path), Grant(Role.PARTNER, ME, ""))
    yield (Grant(Role.LEADER, OTHER, "main", CITY, UPPER.path), Grant(Role.MEDIATOR, ME, "other"))
    yield (Grant(Role.MEDIATOR, ME, "main"), Grant(Role.LEADER, ME, "main", WARD, MINE.path))


ROWS = Table(
    "things",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("body", Text),
    Column("unit", Uuid),
    Column("owner", Uuid),
)


@pytest.fixture
async def rows(engine: AsyncEngine) -> AsyncEngine:
    async with engine.begin() as connection:
        await connection.run_sync(ROWS.metadata.create_all)
        await connection.execute(ROWS.insert(), [one._asdict() for one in THINGS])
    return engine


async def test_the_database_finds_exactly_what_the_rule_admits(rows: AsyncEngine) -> None:
    columns, asked = ROWS.c, 0
    async with rows.connect() as connection:
        for grants in grants_in_question():
            for action in Action:
                reach = Rights(grants).reach(action)
                condition = within(
                    reach,
                    TREE,
                    BODIES,
                    body=columns.body,
                    unit=columns.unit,
                    owner=columns.owner,
                )
                found = await connection.scalars(select(columns.name).where(condition))
                assert set(found) == reached(reach), (grants, action)
                asked += 1
    assert asked == (3 * len(Role) + 3) * len(Action)
