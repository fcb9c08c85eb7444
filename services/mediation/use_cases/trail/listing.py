"""The list an auditor sees. That it was read, and with which filters, is a row of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.mediation.use_cases.trail.asking import AuditQuery, Wanted, understood
from services.mediation.use_cases.trail.naming import Names, names_for
from services.mediation.use_cases.trail.sources import Found, Own, Sister, Source, Steps, gather
from shared.net import Client
from shared.rights import Action, Thing
from shared.trail import Chain, Deed, Doer, Said, note
from shared.trail.reading import Line
from shared.web import Staff
from shared.work import Database

TRAIL = Chain("audit", "trail")
Sisters = Mapping[str, Client]


@dataclass(frozen=True)
class Listed:
    """Lines of the trail with the names on them."""

    lines: Sequence[Line]
    names: Names
    more: bool
    silent: Sequence[str]


async def list_trail(database: Database, sisters: Sisters, query: AuditQuery, who: Staff) -> Listed:
    """One page of the trail; noted before it is shown.

    Raises NoSuchPersonError, NoSuchNumberError, NoSuchCodeError, UnreadableCursorError.
    """
    async with database.reading() as session:
        wanted = await understood(session, query, who)
    await noted(database, who, Deed.AUDIT_READ, query)
    return await page_of(database, sisters, wanted, query.limit)


async def page_of(database: Database, sisters: Sisters, wanted: Wanted, limit: int) -> Listed:
    """The newest lines, named."""
    found = await found_in(database, sisters, wanted, limit)
    async with database.reading() as session:
        names = await names_for(session, found.lines, wanted.question.bodies)
    return Listed(found.lines, names, found.more, found.silent)


async def found_in(database: Database, sisters: Sisters, wanted: Wanted, limit: int) -> Found:
    """The newest lines of the services that were asked for."""
    own: Sequence[Source] = (Own(database), Steps(database))
    sources = {
        name: own if name == "mediation" else (Sister(sisters[name]),) for name in wanted.services
    }
    return await gather(sources, wanted.question, limit)


async def noted(
    database: Database,
    who: Staff,
    deed: Deed,
    query: AuditQuery,
    action: Action = Action.AUDIT_READ,
    **more: object,
) -> None:
    """Who looked at the trail, and with which filters, is in the trail; for whom, too.

    `more` is noted with it.
    """
    doer = doer_of(who, action)
    async with database.work() as work:
        await note(work, TRAIL, doer, Said(deed, query.told() | more))


def doer_of(who: Staff, action: Action) -> Doer:
    """Who looks, by whose right (代理)."""
    reach = who.rights.reach(action)
    place = Thing("" if reach.whole("") else min(reach.bodies, default=""))
    return Doer.of(who).using(who.rights.used(action, who.id, place))
