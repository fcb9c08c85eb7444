"""Our sealed copy of what the desk lists, and the blind indexes by which it is found."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.ports import Record
from services.mediation.tables import (
    SEALED_CHANGES,
    SEALED_WORDS,
    AmendmentRow,
    CaseLookupRow,
    CaseWordsRow,
)
from services.mediation.use_cases.lookups import lookups_of, reports_among
from services.mediation.use_cases.searching.texts import forget_texts
from services.mediation.use_cases.speaking import (
    hidden_of,
    numbers_in,
    numbers_of,
    people_of,
    with_people,
)
from shared.masks.complaints import FORMERLY, kind_of, people_in, replaced_in
from shared.text import clean, clean_words, code, folded, normal_phone
from shared.vault import Sealed, Vault
from shared.work import Work

COPIED = {
    "complainant": ("name", "phone", "kind"),
    "respondent": ("name", "uscc", "address", "phone", "email", "platform"),
    "matter": ("subject",),
}
"""What of a record is copied here to be shown: names and numbers to call, and the subject.

And what a complainant is who is no person (自然人).
"""

Copy = dict[str, dict[str, Any]]


class Known(dict[str, Any]):
    """Facts of which some may be missing: what is not known reads as None."""

    def __missing__(self, name: str) -> None:
        return None


def copy_of(record: Record) -> Copy:
    """What we keep of a record."""
    parts = {
        "complainant": record.complainant,
        "respondent": record.respondent,
        "matter": record.words,
    }
    copy = {part: copied(parts[part], names) for part, names in COPIED.items()}
    people = people_in({**record.words, "complainant": record.complainant})
    return with_people(copy, people, numbers_in(record.complainant, record.words))


def copied(part: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """What we keep of one part: nothing of what is not known or usual."""
    known = {name: part[name] for name in names if part.get(name)}
    return known if kind_of(part) else {name: one for name, one in known.items() if name != "kind"}


def record_of(complaint: UUID, copy: Copy) -> Record:
    """The record as far as our own copy knows it."""
    words = Known({**copy["matter"], FORMERLY: hidden_of(copy)})
    return Record(complaint, copy["complainant"], copy["respondent"], words)


def amended(copy: Mapping[str, Mapping[str, Any]], changes: Mapping[str, Any]) -> Copy:
    """The copy with corrections (JSON pointers of the complaint) applied."""
    fresh = {part: dict(copy.get(part, {})) for part in COPIED}
    people = people_of(copy)
    for pointer, value in changes.items():
        _, part, name = pointer.split("/", 2)
        if part == "complainant":
            now = {name: value, **kind_of(fresh[part])}
            people += [*replaced_in(fresh[part], {name: value}), now]
        if name in COPIED.get(part, ()):
            fresh[part].pop(name, None)
            if value:
                fresh[part][name] = value
    return with_people(fresh, people, numbers_of(copy))


def tidied(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Corrections as intake would tidy what is typed; blank is nothing."""
    return {clean(pointer)[:100]: tidy(pointer, value) for pointer, value in changes.items()}


def tidy(pointer: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if pointer.endswith("/phone"):
        return normal_phone(value) or clean(value) or None
    if pointer.endswith("/uscc"):
        return code(value) or None
    if pointer.endswith("/email"):
        return folded(value) or None
    return (clean_words(value) if pointer == "/matter/text" else clean(value)) or None


async def keep_words(work: Work, copies: Mapping[UUID, Copy]) -> set[UUID]:
    """Keep these copies in place of what was there, with their indexes; which cases' were kept.

    A copy that was erased on lawful request stays empty, whoever comes after.
    """
    if not copies:
        return set()
    sealed: list[dict[str, Any]] = [
        {
            "case_id": case_id,
            "words": work.vault.seal(dumped(copy), SEALED_WORDS, case_id),
            "fetched_at": work.now,
        }
        for case_id, copy in copies.items()
    ]
    answer = await work.insert_new(CaseWordsRow, sealed, [CaseWordsRow.case_id])
    fresh = {row.case_id for row in answer}
    old = {row["case_id"] for row in sealed if row["case_id"] not in fresh and await put(work, row)}
    if old:
        await work.session.execute(delete(CaseLookupRow).where(CaseLookupRow.case_id.in_(old)))
    reports = await reports_among(work.session, fresh | old)
    found = [
        {"kind": kind, "token": token, "case_id": case_id}
        for case_id in fresh | old
        for kind, token in lookups_of(work.vault, copies[case_id], report=case_id in reports)
    ]
    await work.insert(CaseLookupRow, found)
    return fresh | old


async def put(work: Work, row: Mapping[str, Any]) -> bool:
    """Put a copy in place of another; False where it was erased."""
    there = (CaseWordsRow.case_id == row["case_id"], CaseWordsRow.words.is_not(None))
    changed = {name: value for name, value in row.items() if name != "case_id"}
    statement = update(CaseWordsRow).where(*there).values(changed).returning(CaseWordsRow.case_id)
    options = {"synchronize_session": False}
    return await work.session.scalar(statement, execution_options=options) is not None


async def erase_words(work: Work, cases: Sequence[UUID]) -> None:
    """Empty the copies of these cases, there or not yet: none is kept any more, none is found."""
    rows = [{"case_id": one, "words": None, "fetched_at": work.now} for one in cases]
    await work.insert_new(CaseWordsRow, rows, [CaseWordsRow.case_id])
    empty = update(CaseWordsRow).where(CaseWordsRow.case_id.in_(cases)).values(words=None)
    await work.session.execute(empty, execution_options={"synchronize_session": False})
    await work.session.execute(delete(CaseLookupRow).where(CaseLookupRow.case_id.in_(cases)))
    await forget_texts(work, cases)


def dumped(copy: Mapping[str, Any]) -> str:
    return json.dumps(copy, ensure_ascii=False, separators=(",", ":"))


def opened_copy(vault: Vault, sealed: Sealed | None, case_id: UUID) -> Copy:
    """The copy in the clear; empty where there is none (yet, or any more)."""
    copy: Copy = json.loads(vault.open(sealed, case_id)) if sealed else {}
    known: Copy = {part: Known(copy.get(part, {})) for part in COPIED}
    return with_people(known, people_of(copy), numbers_of(copy))


async def copy_in(session: AsyncSession, vault: Vault, case_id: UUID) -> Copy:
    """The copy of one case."""
    column = select(CaseWordsRow.words).where(CaseWordsRow.case_id == case_id)
    return opened_copy(vault, await session.scalar(column), case_id)


async def waiting_changes(
    session: AsyncSession, vault: Vault, case_id: UUID
) -> Sequence[dict[str, Any]]:
    """Corrections of a case that intake does not know yet, oldest first."""
    statement = (
        select(AmendmentRow.id, AmendmentRow.changes)
        .where(AmendmentRow.pushed_at.is_(None), AmendmentRow.case_id == case_id)
        .order_by(AmendmentRow.id)
    )
    rows = (await session.execute(statement)).all()
    return [changes_in(vault, row.changes, row.id) for row in rows if row.changes]


def changes_in(vault: Vault, sealed: Sealed, amendment: UUID) -> dict[str, Any]:
    changes: dict[str, Any] = json.loads(vault.open(Sealed(sealed.blob, SEALED_CHANGES), amendment))
    return changes
