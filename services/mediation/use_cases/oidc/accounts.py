"""The account of somebody whom the provider vouches for: found by subject, made at first sight.

Never by name or e-mail address, which change hands. What such an account holds is what the groups
say at each log-in, no more and no less; one that was ended here stays so. Who comes without a post
does not get in, and neither do sessions and tokens from before.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from services.mediation.domain.accounts import MOST_NAME
from services.mediation.domain.sign_on import Somebody
from services.mediation.tables import GrantRow, StaffRow, SubjectRow
from services.mediation.use_cases.hashing import NOBODYS
from services.mediation.use_cases.oidc.places import Place, place_in, places, told
from services.mediation.use_cases.passwords import without_password
from services.mediation.use_cases.people.holding import not_over
from services.mediation.use_cases.people.last import (
    LastAdministratorError,
    check_not_last,
    line_up,
)
from services.mediation.use_cases.staff import (
    NameTakenError,
    hold,
    is_active,
    keep_account,
    log_out_everywhere,
    new_account,
)
from shared.clock import local_day
from shared.kernel import ConflictError, ForbiddenError, RuleError
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


class NoRoleHereError(ForbiddenError):
    """The provider knows the person, but none of their groups has a role here."""


class TwiceAtOnceError(ConflictError):
    """Somebody's first two log-ins came at the same moment; one of them is enough."""


class Found(NamedTuple):
    """An account, and why nobody gets in with it; that is said once what was taken is kept."""

    account: StaffRow
    shut: RuleError | None


async def account_for(work: Work, somebody: Somebody, days: int) -> Found:
    """The account, with the roles of the moment, for so many days if they do not come back.

    It is shut where the groups give nothing (NoRoleHereError), or do not say any more that the
    last administrator of everything is one (LastAdministratorError): that one keeps the role until
    there is another. In both cases what was open with it ends, and nobody gets in.

    Raises NotHereAnyMoreError, TwiceAtOnceError; NoRoleHereError of whom nothing is kept here.
    """
    key = work.vault.mac("oidc-subject", f"{somebody.issuer}\0{somebody.subject}".encode())
    linked = await work.session.get(SubjectRow, key)
    wanted = {one async for one in places(work, somebody.posts)}
    if linked is not None:
        await line_up(work.session)
        account = await work.session.get_one(StaffRow, linked.staff_id, with_for_update=True)
        without_password(account)
    elif wanted:
        account = await first_seen(work, somebody, key)
    else:
        raise no_role_here()
    if not is_active(account, work.now):
        raise NotHereAnyMoreError("您在这里的账号已经停用，请找管理员。")
    await renamed(work, account, clean(somebody.display)[:MOST_NAME])
    shut = await refresh(work, account, wanted, timedelta(days=days))
    if shut is not None:
        await end_what_is_open(work, account)
    return Found(account, shut)


def no_role_here() -> NoRoleHereError:
    return NoRoleHereError("您的统一登录账号在这里没有角色，请找管理员。")


async def first_seen(work: Work, somebody: Somebody, key: bytes) -> StaffRow:
    """A new account, with a name that is free and a password that nobody has."""
    for name in names_for(somebody.name):
        row, _ = new_account(name, clean(somebody.display)[:MOST_NAME] or name, work.now)
        row |= {"password": NOBODYS, "must_change": False, "one_time_until": None}
        row["body"] = body_of(somebody)
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


async def refresh(
    work: Work, account: StaffRow, wanted: set[Place], span: timedelta
) -> RuleError | None:
    """Give what the groups say, and take what they do not say any more, today's and later ones.

    What they say holds for this span; less than half of it left, or more than all, it is renewed.

    Why nobody gets in with it: there is nothing to get in with, or the last administrator of
    everything would be gone; then nothing is given or taken.
    """
    today = local_day(work.now)
    held = select(GrantRow).where(GrantRow.staff_id == account.id, not_over(today))
    rows = (await work.session.scalars(held.with_for_update())).all()
    ending = [one for one in rows if place_in(one) not in wanted]
    try:
        await check_not_last(work, ending)
    except LastAdministratorError as last:
        return last
    chain = Chain("staff", str(account.id))
    for row in ending:
        row.ended_at = work.now
        await note(work, chain, AT_THE_PROVIDER, Said(Deed.ROLE_ENDED, told(place_in(row))))
    given = renewed_in([one for one in rows if one.ended_at is None], today, span)
    begun = {place_in(one) for one in rows if one.first_on <= today}
    for place in sorted(wanted - begun, key=str):
        await hold(work, account.id, [ROLES[place.role]], place.body, place.unit, today + span)
        given.append((place, today + span))
    for place, until in given:
        said = Said(Deed.ROLE_GRANTED, told(place) | {"last_on": until})
        await note(work, chain, AT_THE_PROVIDER, said)
    return None if wanted else no_role_here()


def renewed_in(rows: Sequence[GrantRow], today: date, span: timedelta) -> list[tuple[Place, date]]:
    """The roles that would end too soon or too late, renewed; each with its last day."""
    found = []
    for row in rows:
        day = max(today, row.first_on)
        if row.last_on is None or not day + span / 2 <= row.last_on <= day + span:
            row.last_on = day + span
            found.append((place_in(row), row.last_on))
    return sorted(found, key=str)


async def end_what_is_open(work: Work, account: StaffRow) -> None:
    """End the sessions, and the tokens of scripts; noted where there were any."""
    ended = await log_out_everywhere(work, account.id)
    if ended:
        said = Said(Deed.SESSIONS_ENDED, {"ended": ended})
        await note(work, Chain("session", str(account.id)), AT_THE_PROVIDER, said)


async def renamed(work: Work, account: StaffRow, display: str) -> None:
    """Show somebody under the name that the provider has for them, if it is another one."""
    before = account.display
    if not display or display == before:
        return
    account.display = display
    values = {"before": {"display": before}, "after": {"display": display}}
    said = Said(Deed.STAFF_CHANGED, values)
    await note(work, Chain("staff", str(account.id)), AT_THE_PROVIDER, said)
