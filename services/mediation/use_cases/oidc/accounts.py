"""The account of somebody whom the provider vouches for: found by subject, made at first sight.

Never by name or e-mail address, which change hands. What such an account holds is what the groups
say at each log-in, no more and no less; one that was ended here stays so.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.mediation.domain.accounts import MOST_NAME
from services.mediation.domain.sign_on import Post, Somebody
from services.mediation.tables import GrantRow, StaffRow, SubjectRow, UnitRow
from services.mediation.use_cases.hashing import NOBODYS
from services.mediation.use_cases.people.holding import not_over
from services.mediation.use_cases.people.last import check_not_last, line_up
from services.mediation.use_cases.staff import (
    NameTakenError,
    hold,
    is_active,
    keep_account,
    new_account,
)
from shared.clock import local_day
from shared.kernel import ConflictError, ForbiddenError
from shared.rights import ROLES
from shared.text import clean
from shared.trail import Chain, Deed, Doer, Said, note
from shared.work import Work

LONGEST = 36
ODD = re.compile(r"[^\w.@-]+")
AT_THE_PROVIDER = Doer("system")
TRIES = 20


class NotHereAnyMoreError(ForbiddenError):
    """The account was ended here, whatever the provider says."""


class TwiceAtOnceError(ConflictError):
    """Somebody's first two log-ins came at the same moment; one of them is enough."""


class Place(NamedTuple):
    """Where a role is held: body and unit."""

    role: str
    body: str
    unit: UUID | None


async def account_for(work: Work, somebody: Somebody) -> StaffRow:
    """The account, with the roles of the moment.

    Raises NotHereAnyMoreError, TwiceAtOnceError; LastAdministratorError where the groups do not
    say any more that the last administrator of everything is one: nobody gets in with rights that
    the provider took, and nobody loses them before there is another.
    """
    key = work.vault.mac("oidc-subject", f"{somebody.issuer}\0{somebody.subject}".encode())
    linked = await work.session.get(SubjectRow, key)
    if linked is None:
        account = await first_seen(work, somebody, key)
    else:
        await line_up(work.session)
        account = await work.session.get_one(StaffRow, linked.staff_id, with_for_update=True)
    if not is_active(account, work.now):
        raise NotHereAnyMoreError("您在这里的账号已经停用，请找管理员。")
    await refresh(work, account, somebody)
    return account


async def first_seen(work: Work, somebody: Somebody, key: bytes) -> StaffRow:
    """A new account, with a name that is free and a password that nobody has."""
    for name in names_for(somebody.name):
        row, _ = new_account(name, clean(somebody.display)[:MOST_NAME] or name, work.now)
        row |= {"password": NOBODYS, "must_change": False, "body": body_of(somebody)}
        try:
            await keep_account(work, row, AT_THE_PROVIDER)
        except NameTakenError:
            continue
        link = {"subject": key, "staff_id": row["id"], "linked_at": work.now}
        if not await work.insert_new(SubjectRow, [link], [SubjectRow.staff_id]):
            break
        said = Said(Deed.STAFF_LINKED, {"issuer": somebody.issuer})
        await note(work, Chain("staff", str(row["id"])), AT_THE_PROVIDER, said)
        return await work.session.get_one(StaffRow, row["id"])
    raise TwiceAtOnceError("您的账号正在建立，请再登录一次。")


def names_for(wanted: str) -> Iterator[str]:
    """Names to try: as the provider calls them, then with a number."""
    plain = ODD.sub("-", clean(wanted)).strip("-")[:LONGEST]
    plain = plain if len(plain) > 1 else f"user-{plain}"
    yield plain
    for number in range(2, TRIES):
        yield f"{plain}-{number}"


def body_of(somebody: Somebody) -> str:
    """The one body where all posts are; empty where there are several."""
    bodies = {one.body for one in somebody.posts}
    return bodies.pop() if len(bodies) == 1 else ""


async def refresh(work: Work, account: StaffRow, somebody: Somebody) -> None:
    """Give what the groups say, and take what they do not say any more, today's and later ones.

    Raises LastAdministratorError.
    """
    await renamed(work, account, clean(somebody.display)[:MOST_NAME])
    wanted = {one async for one in places(work, somebody.posts)}
    today = local_day(work.now)
    held = select(GrantRow).where(GrantRow.staff_id == account.id, not_over(today))
    rows = (await work.session.scalars(held.with_for_update())).all()
    ending = [one for one in rows if place_in(one) not in wanted]
    await check_not_last(work, ending)
    chain = Chain("staff", str(account.id))
    for row in ending:
        row.ended_at = work.now
        await note(work, chain, AT_THE_PROVIDER, Said(Deed.ROLE_ENDED, told(place_in(row))))
    begun = {place_in(one) for one in rows if one.first_on <= today}
    for place in sorted(wanted - begun, key=str):
        await hold(work, account.id, [ROLES[place.role]], place.body, place.unit)
        await note(work, chain, AT_THE_PROVIDER, Said(Deed.ROLE_GRANTED, told(place)))


def place_in(row: GrantRow) -> Place:
    return Place(row.role, row.body, row.unit)


async def renamed(work: Work, account: StaffRow, display: str) -> None:
    """Show somebody under the name that the provider has for them, if it is another one."""
    before = account.display
    if not display or display == before:
        return
    account.display = display
    values = {"before": {"display": before}, "after": {"display": display}}
    said = Said(Deed.STAFF_CHANGED, values)
    await note(work, Chain("staff", str(account.id)), AT_THE_PROVIDER, said)


def told(place: Place) -> dict[str, Any]:
    return {**place._asdict(), "unit": str(place.unit) if place.unit else None}


async def places(work: Work, posts: tuple[Post, ...]) -> Any:
    """The posts whose unit is there; a unit that is not gives nothing."""
    for one in posts:
        if not one.unit:
            yield Place(one.role, one.body, None)
            continue
        statement = select(UnitRow.id).where(UnitRow.body == one.body, UnitRow.code == one.unit)
        unit = await work.session.scalar(statement.where(UnitRow.ended_at.is_(None)))
        if unit is not None:
            yield Place(one.role, one.body, unit)
