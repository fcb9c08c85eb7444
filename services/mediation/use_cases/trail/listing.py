"""The list an auditor sees. That it was read, and with which filters, is a row of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.mediation.use_cases.trail.asking import AuditQuery, Wanted, understood
from services.mediation.use_cases.trail.naming import Names, names_for
from services.mediation.use_cases.trail.sources import Found, Own, Sister, Source, Steps, gather
from shared.acting import Staff, doers_of
from shared.bodies import Bodies
from shared.net import Client
from shared.rights import Action
from shared.trail import Chain, Deed, Noted, Said, note_all
from shared.trail.reading import Line
from shared.work import Database

TRAIL = Chain("audit", "trail")
Sisters = Mapping[str, Client]


@dataclass(frozen=True)
class Installation:
    """Where the trail lies, and whose it is: our sisters, and the organisations there are."""

    sisters: Sisters
    bodies: Bodies


@dataclass(frozen=True)
class Listed:
    """Lines of the trail with the names on them."""

    lines: Sequence[Line]
    names: Names
    next: UUID | None
    """Where the next page begins: the rows before this one. Pages may be short, or empty, and have
    a next one: so many rows were gone through that an answer could not wait for more."""
    silent: Sequence[str]


async def list_trail(
    database: Database, here: Installation, query: AuditQuery, who: Staff
) -> Listed:
    """One page of the trail; noted before it is shown.

    Raises NoSuchPersonError, NoSuchNumberError, NoSuchCodeError.
    """
    async with database.reading() as session:
        wanted = await understood(session, query, who, here.bodies)
    await noted(database, who, Deed.AUDIT_READ, query)
    return await page_of(database, here.sisters, wanted, query.limit)


async def page_of(database: Database, sisters: Sisters, wanted: Wanted, limit: int) -> Listed:
    """The newest lines, named."""
    found = await found_in(database, sisters, wanted, limit)
    async with database.reading() as session:
        names = await names_for(session, found.lines, wanted.question.bodies)
    return Listed(found.lines, names, found.next, found.silent)


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
    """Who looked at the trail, and with which filters, is in it, once for each whose right it took.

    `more` is noted with it.
    """
    said = Said(deed, query.told() | more)
    async with database.work() as work:
        await note_all(work, [Noted(TRAIL, one, said) for one in doers_of(who, action)])
