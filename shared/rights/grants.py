"""A role somebody holds somewhere, and what all of theirs together allow."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.kernel import ForbiddenError
from shared.rights.reach import EVERYWHERE, Reach, Thing
from shared.rights.roles import Action, Role, Scope
from shared.rights.table import PERMISSIONS, SENDERS

ROLES = {one.value: one for one in Role}


class NotAllowedError(ForbiddenError):
    """None of the person's roles allows this, here."""


@dataclass(frozen=True)
class Grant:
    """A role held in a body or in one of its units, for oneself or as a stand-in (代理)."""

    role: Role
    holder: UUID
    """Whose right it is: the person's own, or of whom they stand in for."""
    body: str = ""
    """The body (机构); empty: every one."""
    unit: UUID | None = None
    """The unit (部门); None: the body itself."""
    path: str = ""
    """The unit's place in the tree: `/<id>/<id>/` from the top, its own id last."""
    holder_name: str = field(default="", repr=False, compare=False)
    """How the holder is shown, where the right is lent: both names stand in the trail."""

    def reach(self, action: Action) -> Reach:
        """How far this grant allows an action; nowhere where the table does not name it."""
        scope = PERMISSIONS[self.role].get(action)
        if scope is None:
            return Reach()
        if scope is Scope.OWN:
            return Reach(owners=frozenset({(self.body, self.holder)}))
        if scope is Scope.UNIT and not (self.body == "" and self.unit is None):
            return Reach(units=frozenset({(self.body, self.unit)}))
        if scope is Scope.SUBTREE and self.unit is not None:
            if not self.path:  # every path begins with nothing: it would be the whole body
                return Reach()
            return Reach(subtrees=frozenset({(self.body, self.path)}))
        return Reach(bodies=frozenset({self.body}))

    def as_facts(self) -> dict[str, str]:
        """What a sister reads."""
        unit = {"unit": str(self.unit), "path": self.path} if self.unit else {}
        lent = {"holder_name": self.holder_name} if self.holder_name else {}
        return (
            {"role": self.role.value, "holder": str(self.holder), "body": self.body} | unit | lent
        )


def grant_from(facts: Mapping[str, Any]) -> Grant:
    """Read what a sister said. Raises KeyError, ValueError for what is no grant."""
    unit = facts.get("unit")
    return Grant(
        role=ROLES[facts["role"]],
        holder=UUID(facts["holder"]),
        body=facts["body"],
        unit=UUID(unit) if unit else None,
        path=facts.get("path", ""),
        holder_name=facts.get("holder_name", ""),
    )


LISTED = (
    Role.ADMINISTRATOR, Role.SECRETARY_GENERAL, Role.LEADER, Role.MEDIATOR, Role.REGISTRAR,
    Role.DEPARTMENT_CONTACT, Role.PRIVACY_OFFICER, Role.AUDITOR, Role.STATISTICIAN,
    Role.PUBLICATION_EDITOR, Role.PARTNER, Role.RESPONDENT,
)  # fmt: skip
"""Which of several roles a person is shown with first."""


def first_role(grants: Iterable[Grant], holder: UUID) -> str:
    """The role that somebody is shown with; empty for who holds none."""
    own = {one.role for one in grants if one.holder == holder}
    return next((role.value for role in LISTED if role in own), "")


def rank_for(me: UUID | None) -> Callable[[Grant], tuple[bool, int, UUID]]:
    """Which of several rights somebody uses first: their own, then those that are lent to them."""
    return lambda one: (one.holder != me, LISTED.index(one.role), one.holder)


@dataclass(frozen=True)
class Rights:
    """All that somebody may do: the union of their grants, narrowed by a token's scopes."""

    grants: tuple[Grant, ...] = ()
    only: frozenset[Action] | None = None
    """What a token is restricted to; None: nothing is taken away."""
    everything: bool = False
    """For sister services and the console."""

    def reach(self, action: Action) -> Reach:
        """How far an action is allowed, by all grants together."""
        if self.everything:
            return EVERYWHERE
        return Reach.union(grant.reach(action) for grant in self._for(action))

    def may(self, action: Action) -> bool:
        """Whether the action is allowed anywhere."""
        return bool(self.reach(action))

    @property
    def at_desk(self) -> bool:
        """Whether there can be cases for them at the desk, by any role but that of a sender."""
        held = (one for one in self._for(Action.CASE_READ) if one.role not in SENDERS)
        return self.everything or any(one.reach(Action.CASE_READ) for one in held)

    def used(self, action: Action, me: UUID | None, *things: Thing) -> Grant | None:
        """The grant that allows an action on one of these, one's own first, else a lent one (代理).

        `things` is one thing; several where it is in several people's hands.
        None for who may do everything. Raises NotAllowedError.
        """
        if self.everything:
            return None
        found = [one for one in self._for(action) if any(map(one.reach(action).admits, things))]
        if not found:
            raise NotAllowedError("您的角色不能在这里做「{action}」。", action=action)
        return min(found, key=rank_for(me))

    def drawn_on(
        self, action: Action, me: UUID | None, bodies: Collection[str] | None = None
    ) -> list[Grant]:
        """The grants that a list of all within reach in these bodies draws on, one's own first.

        A lent one (代理) only where it reaches further; none for who may do everything. `bodies`
        None: all of them.
        """
        held = [one for one in self._for(action) if one.reach(action) and not self.everything]
        here = [
            one for one in held if bodies is None or any(map(one.reach(action).touches, bodies))
        ]
        seen, found = Reach(), list[Grant]()
        for one in sorted(here, key=rank_for(me)):
            reach = one.reach(action)
            if not seen.covers(reach, one.path) and not (one.holder == me and found):
                found.append(one)
            seen |= reach
        return found

    def check(self, action: Action, thing: Thing) -> None:
        """Raises NotAllowedError."""
        if not self.reach(action).admits(thing):
            raise NotAllowedError("您的角色不能在这里做「{action}」。", action=action)

    def _for(self, action: Action) -> Iterator[Grant]:
        if self.only is None or action in self.only:
            yield from self.grants


EVERYTHING = Rights(everything=True)
NOTHING = Rights()
