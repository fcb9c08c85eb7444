"""The words of complaints, for sister services and for staff."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.tables import AttachmentRow, ComplaintRow, ReporterRow
from services.intake.use_cases.files import name_of
from services.intake.use_cases.record_out import record_json
from services.intake.use_cases.sealing import Document, is_apart, opened
from shared.clock import SHANGHAI
from shared.masks import Secrets, Unseen, masked_record
from shared.masks.complaints import FORMERLY, secrets_in
from shared.vault import Vault

FACTS = (
    "number", "body", "demo", "kind", "channel", "received_at", "registered_at", "region",
    "category", "category_version", "nature", "amount_fen", "happened_on", "respondent_known",
    "source", "withdrawn_at", "notice",
)  # fmt: skip
SHOWN = select(
    ComplaintRow.id,
    ComplaintRow.complainant,
    ComplaintRow.respondent,
    ComplaintRow.words,
    ComplaintRow.files,
    *(getattr(ComplaintRow, name) for name in FACTS),
)


async def words_of(
    session: AsyncSession, vault: Vault, ids: Sequence[UUID]
) -> list[dict[str, Any]]:
    """The records of these complaints, in no order; unknown ids are left out."""
    rows = (await session.execute(SHOWN.where(ComplaintRow.id.in_(ids)))).all()
    with_files = [row.id for row in rows if row.files]
    files = await files_by_complaint(session, vault, with_files)
    found = [{**document_of(row, vault), "files": files.get(row.id, [])} for row in rows]
    reports = [one["id"] for one in found if is_apart(one["kind"])]
    who = await identities_in(session, vault, reports)
    return [unnamed(one, who[one["id"]]) if one["id"] in who else one for one in found]


async def shown(
    session: AsyncSession, vault: Vault, complaint: UUID, *, whole: bool
) -> dict[str, Any]:
    """One record as it is read: masked (脱敏) for people, whole for services of the house.

    Of a report (举报) neither reads who reported, in its fields, its words or its files' names.
    """
    [told] = await words_of(session, vault, [complaint])
    record = record_json(told, told["files"])
    former = (told["words"] or {}).get(FORMERLY)
    return record if whole else masked_record({**record, FORMERLY: former})


async def identities_in(
    session: AsyncSession, vault: Vault, reports: Sequence[UUID]
) -> dict[UUID, Document]:
    """Who reported, for those of these reports of which it is still known."""
    if not reports:
        return {}
    wanted = select(ReporterRow.complaint_id, ReporterRow.identity)
    rows = await session.execute(wanted.where(ReporterRow.complaint_id.in_(reports)))
    return {row.complaint_id: opened(row.identity, row.complaint_id, vault) or {} for row in rows}


def unnamed(record: dict[str, Any], identity: Document) -> dict[str, Any]:
    """A report without what its words, and the names of its files, tell of who reported.

    It leaves intake so: neither desk nor index nor letter can tell it (举报人保密).
    """
    secrets = of_reporter(identity)
    words = {name: hidden(value, secrets) for name, value in record["words"].items()}
    files = [{**one, "name": secrets.hidden_in(one["name"])} for one in record["files"]]
    return {**record, "words": words, "files": files}


def of_reporter(identity: Document) -> Unseen:
    """What a report must not tell, not even a family name or the last digits of a telephone.

    Numbers that nobody knows are hidden as far: they may be the reporter's, too.
    """
    return Unseen(*secrets_in(identity))


def hidden(value: Any, secrets: Secrets) -> Any:
    """Words, or a list of them, without these secrets and without anybody's numbers."""
    if isinstance(value, str):
        return secrets.hidden_in(value)
    if isinstance(value, list):
        return [hidden(one, secrets) for one in value]
    return value


def document_of(row: "ComplaintRow | Row[Any]", vault: Vault) -> dict[str, Any]:
    """One record: its personal documents, and the facts beside them."""
    return {
        "id": row.id,
        "complainant": opened(row.complainant, row.id, vault),
        "respondent": opened(row.respondent, row.id, vault),
        "words": opened(row.words, row.id, vault),
        **{name: in_shanghai(getattr(row, name)) for name in FACTS},
    }


def in_shanghai(fact: Any) -> Any:
    """Instants in the zone of the legal day, everything else as it is."""
    return fact.astimezone(SHANGHAI) if isinstance(fact, datetime) else fact


async def files_by_complaint(
    session: AsyncSession, vault: Vault, ids: Sequence[UUID]
) -> dict[UUID, list[dict[str, Any]]]:
    """Name, kind, size and scan of the files of each complaint."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    if not ids:
        return found
    wanted = select(AttachmentRow).where(AttachmentRow.complaint_id.in_(ids))
    for file in await session.scalars(wanted.order_by(AttachmentRow.added_at, AttachmentRow.id)):
        one = {
            "id": file.id,
            "name": name_of(file, vault),
            "kind": file.kind,
            "size": file.size,
            "scan": file.scan,
        }
        found.setdefault(file.complaint_id, []).append(one)
    return found
