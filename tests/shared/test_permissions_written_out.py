"""The table of permissions, written out once more by hand: a cell that is changed is noticed.

Each line is an action; its letters are the roles in the order of the head. o: own, u: unit,
s: subtree, t: tenant, a dot: not at all.
"""

import pytest

from shared.rights import PERMISSIONS, Action, Role, Scope

ROLES = (
    "registrar", "mediator", "secretary_general", "leader", "department_contact", "statistician",
    "publication_editor", "privacy_officer", "auditor", "administrator", "partner", "respondent",
)  # fmt: skip
BY_HAND = """
case.read        u u t s o . t t t . o o
case.register    u u t s . . . . . . t .
case.handle      . u t s . . . . . . . .
case.note        u u t s o . . . . . . .
case.amend       u u t s . . . . . . . .
case.assign      . u t s . . . . . . . .
case.export      . u t s . . . . . . . .
code.renew       u u t s . . . . . . . .
mask.open        u o t s . . . . . . . .
reporter.open    . . . . . . . t . . . .
letter.read      . u t s . . . . . . . o
letter.handle    . u t s . . . . . . . .
figures.read     . u t s . t t . t . . .
publication.edit . . . . . . t . . . . .
staff.read       . u t s . . . t t t . .
staff.manage     . . . . . . . . . t . .
unit.manage      . . . . . . . . . t . .
audit.read       . . . . . . . t t . . .
looks.review     . . . . . . . t t . . .
retention.manage . . . . . . . t . . . .
privacy.answer   . . . . . . . t . . . .
system.operate   . . . . . . . . . t . .
"""
LETTERS = {"o": Scope.OWN, "u": Scope.UNIT, "s": Scope.SUBTREE, "t": Scope.TENANT, ".": None}
LINES = [line.split() for line in BY_HAND.split("\n") if line]
WRITTEN = {
    (role, action): LETTERS[letter]
    for action, *letters in LINES
    for role, letter in zip(ROLES, letters, strict=True)
}


def test_every_role_and_every_action_is_written_out() -> None:
    assert sorted(ROLES) == sorted(role.value for role in Role)
    assert sorted(action for action, *_ in LINES) == sorted(one.value for one in Action)
    assert len(WRITTEN) == 12 * 22


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_the_table_says_what_was_written_by_hand(role: Role, action: Action) -> None:
    assert PERMISSIONS[role].get(action) == WRITTEN[role.value, action.value]


def held_with(action: str) -> set[str]:
    """Who may do something, as far as the hand-written table says."""
    return {role for role in ROLES if WRITTEN[role, action] is not None}


def test_what_must_be_apart_is_apart() -> None:
    """The separations of duties that the law and the rules of associations ask for."""
    handles, watches = held_with("case.handle"), held_with("audit.read")
    assert not handles & held_with("reporter.open"), "who handles cases sees no reporter"
    assert not handles & watches, "nobody reviews their own work"
    assert not watches & held_with("staff.manage"), "nobody who watches gives out rights"
    assert not held_with("staff.manage") & held_with("case.read"), "administrators open no case"
    assert not held_with("mask.open") & (watches | held_with("staff.manage"))
    assert held_with("retention.manage") == held_with("privacy.answer") == {"privacy_officer"}
    assert held_with("unit.manage") == held_with("system.operate") == {"administrator"}
