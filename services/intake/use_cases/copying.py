"""What intake has of one person, for the copy they are given (个人信息保护法 art. 45)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.errors import NoSuchComplaintError
from services.intake.ports import Storage
from services.intake.tables import AttachmentRow, ComplaintRow, ReporterRow
from services.intake.use_cases.files import content_of
from services.intake.use_cases.sealing import Document, opened
from shared.text import normal_name, phone_key
from shared.vault import Vault
from shared.work import Database

LOT = 500


@dataclass(frozen=True)
class Person:
    """Who is looked for: whatever is given must agree."""

    name: str | None = None
    phone: str | None = None
    id_number: str | None = None

    def is_one_of(self, identity: Document) -> bool:
        """Whether this is one of those who speak in a document of a reporter."""
        joint = (identity.get("joint") or {}).get("people") or []
        people = [identity.get("complainant"), identity.get("agent"), *joint]
        return any(self.is_same(one) for one in people if one)

    def is_same(self, one: Document) -> bool:
        """Whether everything we were told of them agrees with what is kept."""
        same = [
            normal_name(one.get("name") or "") == normal_name(self.name) if self.name else None,
            phone_key(one.get("phone") or "") == phone_key(self.phone) if self.phone else None,
            (one.get("id_number") or "").upper() == self.id_number.upper()
            if self.id_number
            else None,
        ]
        return any(same) and all(one is not False for one in same)


async def reported_by(
    database: Database, person: Person, bodies: Sequence[str] | None
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
            if identity and person.is_one_of(identity):
                found.append({"complaint_id": row.complaint_id, "identity": identity})


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


async def file_content(
    session: AsyncSession, vault: Vault, storage: Storage, complaint_id: UUID, file_id: UUID
) -> bytes:
    """The content of one file of a complaint. Raises NoSuchComplaintError."""
    file = await session.get(AttachmentRow, file_id)
    if file is None or file.complaint_id != complaint_id:
        raise NoSuchComplaintError("没有这个文件，请检查网址。")
    return await content_of(storage, vault, file)
