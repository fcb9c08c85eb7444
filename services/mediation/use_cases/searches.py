"""Who searched for whom is told to the trail, beside the request (see `shared.trail.searches`)."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, update

from services.mediation.use_cases.desk import Count
from services.mediation.use_cases.finding import Page
from services.mediation.use_cases.lookups import FORMS
from services.mediation.use_cases.speaking import MINE, numbers_of
from services.mediation.use_cases.words import copy_in
from shared.acting import Staff, doers_of
from shared.kernel import TooManyError
from shared.limits.rates import Buckets, Rate
from shared.rights import Action
from shared.text import normal_name
from shared.trail import Chain, Deed, Noted, Said, note_all
from shared.trail.said import SYSTEM
from shared.trail.searches import KIND, Outcome, searches_of, tokens_of_person
from shared.trail.tables import AuditRow
from shared.work import Database, Work

IN_VAIN = Rate(per_second=3 / 60, burst=60)
"""Searches that find nothing, of one person: sixty at once, then three a minute.

Whoever sees 137****0351 could else try all ten thousand numbers within minutes; who looks up
callers hardly ever finds nothing sixty times in a row.
"""


class SearchedTooOftenError(TooManyError):
    """Somebody searched in vain again and again."""


class InVain:
    """Who searched how often without finding anything, in this process."""

    def __init__(self, database: Database) -> None:
        self.buckets = Buckets(lambda: database.clock().timestamp())

    async def close(self) -> None:
        """Nothing is held open."""


def let_search(database: Database, who: Staff, typed: str | None) -> None:
    """Let somebody search, whatever it would find. Raises SearchedTooOftenError."""
    left = database.once(InVain).buckets.until(str(who.id), IN_VAIN) if typed else 0
    if left:
        raise SearchedTooOftenError(
            "已经连续很多次没有查到，请过{retry_after}秒再查。", pointer="/q", retry_after=left
        )


class Looked(NamedTuple):
    """What was typed, and where: on the desk's page (`desk`) or over the API (`api`)."""

    typed: str | None
    place: str


def note_search(database: Database, who: Staff, looked: Looked, page: Page, count: Count) -> None:
    """Somebody searched the cases, by the desk's page or by a program."""
    typed = looked.typed
    doers = doers_of(who, Action.CASE_READ)
    if not typed or doers[0].kind == "service":
        return
    name = normal_name(typed)
    named = any(normal_name(one.words["complainant"]["name"] or "") == name for one in page.cases)
    if not count.number:
        database.once(InVain).buckets.wait(str(who.id), IN_VAIN)
    outcome = Outcome(looked.place, count.number, more=count.more, named=named)
    searches_of(database).add(doers, typed, outcome)


async def forget_searches(work: Work, cases: Collection[UUID]) -> None:
    """Empty what was typed to find the complainants of these cases, while it is known who they are.

    That there was a search, when and by whom, stays; the chain says why it holds no more.
    """
    keys: set[str] = set()
    for case in cases:
        copy = await copy_in(work.session, work.vault, case)
        complainant = {**copy["complainant"], **numbers_of(copy).get(MINE, {})}
        keys |= set(tokens_of_person(work.vault, *map(complainant.get, FORMS)))
    held = (AuditRow.kind == KIND) & AuditRow.key.in_(keys)
    found = await work.session.scalars(select(AuditRow.key).where(held).distinct())
    chains = [Chain(KIND, key) for key in sorted(found)]
    emptied = update(AuditRow).where(held).values(sealed=None)
    await work.session.execute(emptied, execution_options={"synchronize_session": False})
    await note_all(work, [Noted(one, SYSTEM, Said(Deed.ERASURE_DONE)) for one in chains])
