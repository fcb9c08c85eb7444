"""A tiny service of our own to try the shared parts on."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from shared.columns import COLUMNS, Encrypted, new_metadata
from shared.events import ComplaintReceived
from shared.ids import uuid7
from shared.kernel import ComplaintId
from shared.messaging import tables
from shared.trail import tables as trail
from shared.vault import Sealed, Vault
from shared.work import Database
from tests.conftest import NOON


class Base(MappedAsDataclass, DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map: ClassVar = COLUMNS


class ThingRow(Base, kw_only=True):
    """Something with every type we store."""

    __tablename__ = "things"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    words: Mapped[Sealed | None] = mapped_column(Encrypted("things.words"), default=None)
    at: Mapped[datetime]
    number: Mapped[int] = mapped_column(default=7)


class DeedRow(Base, kw_only=True):
    """Something that changes by steps."""

    __tablename__ = "deeds"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int]
    facts: Mapped[dict[str, Any]]
    done_at: Mapped[datetime | None] = mapped_column(default=None)


class DeedMarkRow(Base, kw_only=True):
    """What is kept of each step."""

    __tablename__ = "deed_marks"
    deed_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[Sealed | None] = mapped_column(Encrypted("deed_marks.words", row="deed_id"))


async def open_things(engine: AsyncEngine, vault: Vault) -> Database:
    """An empty database with the tables of the tiny service."""
    async with engine.begin() as connection:
        for metadata in (tables.Base.metadata, trail.Base.metadata, Base.metadata):
            await connection.run_sync(metadata.create_all)
    return Database(engine, lambda: NOON, vault)


def thing(vault: Vault, name: str) -> dict[str, object]:
    key = uuid7()
    return {"id": key, "name": name, "words": vault.seal(name, "things.words", key), "at": NOON}


def received(complaint: UUID | None = None, version: int = 1) -> ComplaintReceived:
    return ComplaintReceived(
        occurred_at=NOON,
        complaint_id=ComplaintId(complaint or uuid4()),
        version=version,
        number="260623-AAAAAAAAA",
        body="main",
        kind="complaint",
        channel="web",
        received_at=NOON,
        respondent_known=True,
    )
