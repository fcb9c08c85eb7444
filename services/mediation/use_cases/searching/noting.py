"""Who searched for whom is told to the trail, beside the request (see `shared.trail.searches`)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.mediation.use_cases.desk import Count
from services.mediation.use_cases.finding import Page
from services.mediation.use_cases.words import copy_in
from shared.rights import Action
from shared.text import normal_name
from shared.trail import Chain, Deed, Noted, Said, note_all
from shared.trail.said import SYSTEM
from shared.trail.searches import KIND, Outcome, searches_of, tokens_of_person
from shared.trail.tables import AuditRow
from shared.web.acting import doer_of
from shared.web.sessions import Staff
from shared.work import Database, Work


def note_search(
    database: Database, who: Staff, typed: str | None, page: Page, count: Count
) -> None:
    """Somebody searched the desk, by its page or by a program."""
    doer = doer_of(who, Action.CASE_READ)
    if not typed or doer.kind == "service":
        return
    name = normal_name(typed)
    named = any(normal_name(one.words["complainant"]["name"] or "") == name for one in page.cases)
    outcome = Outcome("desk", count.number, more=count.more, named=named)
    searches_of(database).add(doer, typed, outcome)


async def forget_searches(work: Work, cases: Collection[UUID]) -> None:
    """Empty what was typed to find the complainants of these cases, while it is known who they are.

    That there was a search, when and by whom, stays; the chain says why it holds no more.
    """
    keys: set[str] = set()
    for case in cases:
        complainant: dict[str, Any] = (await copy_in(work.session, work.vault, case))["complainant"]
        keys |= set(tokens_of_person(work.vault, complainant["name"], complainant["phone"]))
    held = (AuditRow.kind == KIND) & AuditRow.key.in_(keys)
    found = await work.session.scalars(select(AuditRow.key).where(held).distinct())
    chains = [Chain(KIND, key) for key in sorted(found)]
    emptied = update(AuditRow).where(held).values(sealed=None)
    await work.session.execute(emptied, execution_options={"synchronize_session": False})
    await note_all(work, [Noted(one, SYSTEM, Said(Deed.ERASURE_DONE)) for one in chains])
