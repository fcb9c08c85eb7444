"""Corrections of a record, decided and logged by mediation, carried out here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.tables import COMPLAINANT, RESPONDENT, WORDS, AmendmentRow, ComplaintRow
from services.intake.use_cases.sealing import EMPTY, Document, is_apart, opened, packed
from services.intake.use_cases.words import identities_in, of_reporter
from shared.events import ComplaintAmended
from shared.kernel import ComplaintId
from shared.log import logger
from shared.masks import StarsError
from shared.masks.complaints import FORMERLY, replaced_in
from shared.terms import CATEGORIES_VERSION
from shared.vault import Vault
from shared.work import Work

COLUMNS = {
    "/matter/region": "region",
    "/matter/category": "category",
    "/matter/nature": "nature",
    "/matter/amount_fen": "amount_fen",
    "/matter/happened_on": "happened_on",
}
"""Facts that lie in columns of their own, by JSON pointer."""
PARTS = {"complainant": COMPLAINANT, "respondent": RESPONDENT, "matter": WORDS}


@dataclass(frozen=True)
class Amendment:
    """One correction: JSON pointers of the complaint and what stands there now."""

    id: UUID
    complaint_id: UUID
    changes: Mapping[str, Any]


async def apply_amendments(work: Work, amendments: Sequence[Amendment]) -> int:
    """Apply those that are new, in their order; how many. Complaints we do not know are skipped."""
    rows = await rows_of(work, {one.complaint_id for one in amendments})
    reports = [one.id for one in rows.values() if is_apart(one.kind)]
    apart = await identities_in(work.session, work.vault, reports)
    known = {one.id: one for one in amendments if one.complaint_id in rows}
    noted = [
        {"id": one.id, "complaint_id": one.complaint_id, "applied_at": work.now}
        for one in known.values()
    ]
    fresh = {row[0] for row in await work.insert_new(AmendmentRow, noted, ["id"])}
    for one in known.values():
        if one.id in fresh:
            row = rows[one.complaint_id]
            meant = put_back(work.vault, row, one.changes, apart.get(row.id))
            for _ in meant.unclear:
                logger(service="intake").error("amendment_left_out", complaint_id=str(row.id))
            amend(work, row, meant.changes)
    return len(fresh)


async def unclear_in(
    session: AsyncSession, vault: Vault, complaint_id: UUID, changes: Mapping[str, Any]
) -> tuple[str, ...]:
    """Which of these corrections would be left out: JSON pointers. None of what is unknown here.

    Mediation asks before it decides, so that nobody is told a correction was made that was not.
    """
    row = await session.get(ComplaintRow, complaint_id)
    if row is None or not is_apart(row.kind):
        return ()
    apart = await identities_in(session, vault, [row.id])
    return put_back(vault, row, changes, apart.get(row.id)).unclear


async def rows_of(work: Work, ids: set[UUID]) -> dict[UUID, ComplaintRow]:
    """The complaints, for this transaction alone, always locked in the same order."""
    wanted = select(ComplaintRow).where(ComplaintRow.id.in_(ids)).order_by(ComplaintRow.id)
    return {row.id: row for row in await work.session.scalars(wanted.with_for_update())}


class Meant(NamedTuple):
    """Corrections as they are meant."""

    changes: Mapping[str, Any]
    unclear: tuple[str, ...] = ()
    """Those that are left out, because nobody knows what their stars hide: JSON pointers."""


def put_back(
    vault: Vault, row: ComplaintRow, changes: Mapping[str, Any], identity: Document | None
) -> Meant:
    """The changes of a report, with what was hidden of who reported (举报人保密) when it was told.

    Whoever corrected it saw stars in these places and sends them back. A text whose stars fit
    nothing is left as it was: nothing hidden is ever overwritten by its mask.
    """
    words = opened(row.words, row.id, vault)
    if identity is None or not words:
        return Meant(changes)
    secrets, meant = of_reporter(identity), dict(changes)
    unclear: list[str] = []
    for name, typed in in_document("matter", WORDS, changes).items():
        stood = words.get(name)
        if isinstance(stood, str) and isinstance(typed, str):
            try:
                meant[f"/matter/{name}"] = secrets.veiled(stood).edited(typed)
            except StarsError:
                del meant[f"/matter/{name}"]
                unclear.append(f"/matter/{name}")
    return Meant(meant, tuple(unclear))


def amend(work: Work, row: ComplaintRow, changes: Mapping[str, Any]) -> None:
    """Put the new values where they belong and announce it."""
    for pointer, column in COLUMNS.items():
        if pointer in changes:
            setattr(row, column, in_column(column, changes[pointer]))
    if changes.get("/matter/category"):
        row.category_version = CATEGORIES_VERSION
    changed = {place: in_document(part, place, changes) for part, place in PARTS.items()}
    if former := replaced_in(
        opened(row.complainant, row.id, work.vault) or {}, changed[COMPLAINANT]
    ):
        words = opened(row.words, row.id, work.vault) or {}
        changed[WORDS][FORMERLY] = [*(words.get(FORMERLY) or ()), *former]
    for place, document in changed.items():
        amend_document(work, row, place, document)
    respondent = opened(row.respondent, row.id, work.vault) or {}
    row.respondent_known = bool(respondent.get("name") or respondent.get("uscc"))
    row.version += 1
    work.announce(
        ComplaintAmended(
            occurred_at=work.now,
            complaint_id=ComplaintId(row.id),
            version=row.version,
            fields=tuple(sorted(changes)),
            region=row.region,
            category=row.category,
            nature=row.nature,
            amount_fen=row.amount_fen,
            respondent_known=row.respondent_known,
            respondent_named=bool(respondent.get("name")),
        )
    )


def in_column(column: str, value: Any) -> Any:
    return date.fromisoformat(value) if column == "happened_on" and value else value


def in_document(part: str, place: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes of one sealed document; what no document knows is left out."""
    prefix = f"/{part}/"
    named = {p.removeprefix(prefix): v for p, v in changes.items() if p.startswith(prefix)}
    return {name: value for name, value in named.items() if name in EMPTY[place]}


def amend_document(work: Work, row: ComplaintRow, place: str, changed: Mapping[str, Any]) -> None:
    column = place.partition(".")[2]
    document = opened(getattr(row, column), row.id, work.vault)
    if changed and document is not None:
        sealed = work.vault.seal(packed({**document, **changed}), place, row.id)
        setattr(row, column, sealed)
