"""What intake has of one person, for the copy they are given (个人信息保护法 art. 45)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.errors import NoSuchComplaintError
from services.intake.ports import Storage
from services.intake.tables import AttachmentRow, ComplaintRow, ReporterRow
from services.intake.use_cases.files import content_of
from services.intake.use_cases.notices import notices
from services.intake.use_cases.sealing import Document, opened
from shared.record.identity import Claimed
from shared.vault import Vault
from shared.work import Database

LOT = 500


async def reported_by(
    database: Database, person: Claimed, bodies: Sequence[str] | None
) -> list[dict[str, Any]]:
    """The reports (举报) that this person made to these bodies (None: to any), with who they are.

    Reporters have no index by which the database alone could tell who they are, so each is opened.
    """
    found: list[dict[str, Any]] = []
    last = UUID(int=0)
    while True:
        async with database.reading() as session:
            rows = await some(session, last, bodies)
        if not rows:
            return found
        last = rows[-1].complaint_id
        for row in rows:
            identity = opened(row.identity, row.complaint_id, database.vault)
            part = person.part_in(people_in(identity)) if identity else None
            if part:
                one = {"complaint_id": row.complaint_id, "identity": identity, "part": part}
                found.append(one)


def people_in(identity: Document) -> dict[str, list[Document | None]]:
    """Everybody who speaks in a document of a reporter, by their part."""
    return {
        "complainant": [identity.get("complainant")],
        "agent": [identity.get("agent")],
        "joint": (identity.get("joint") or {}).get("people") or [],
    }


async def some(session: AsyncSession, after: UUID, bodies: Sequence[str] | None) -> Sequence[Any]:
    """The next reporters, in the order of their ids."""
    wanted = (
        select(ReporterRow.complaint_id, ReporterRow.identity)
        .join(ComplaintRow, ComplaintRow.id == ReporterRow.complaint_id)
        .where(ReporterRow.complaint_id > after)
        .order_by(ReporterRow.complaint_id)
        .limit(LOT)
    )
    if bodies is not None:
        wanted = wanted.where(ComplaintRow.body.in_(bodies))
    return (await session.execute(wanted)).all()


async def origins(session: AsyncSession, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """How these complaints came in: by whose hand, and with which privacy notice (or none)."""
    columns = (
        ComplaintRow.id,
        ComplaintRow.notice,
        ComplaintRow.registered_at,
        ComplaintRow.registrar,
    )
    rows = (await session.execute(select(*columns).where(ComplaintRow.id.in_(ids)))).all()
    return [
        {"id": row.id, "by_staff": row.registrar is not None, "notice": notice_shown(row)}
        for row in rows
    ]


def notice_shown(row: Any) -> dict[str, Any] | None:
    """The version of the notice that was shown or read out, and when; None: none was."""
    if row.notice is None:
        return None
    known = notices().of(row.notice)
    return {
        "version": row.notice,
        "shown_at": row.registered_at,
        "since": known.since if known else None,
        "title": {"zh": known.zh.title, "en": known.en.title} if known else {},
    }


async def file_content(
    session: AsyncSession, vault: Vault, storage: Storage, complaint_id: UUID, file_id: UUID
) -> bytes:
    """The content of one file of a complaint. Raises NoSuchComplaintError."""
    file = await session.get(AttachmentRow, file_id)
    if file is None or file.complaint_id != complaint_id:
        raise NoSuchComplaintError("没有这个文件，请检查网址。")
    return await content_of(storage, vault, file)
