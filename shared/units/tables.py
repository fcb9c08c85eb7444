"""The units as sisters of mediation keep them: what its events say, and no names."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from shared.columns import COLUMNS, new_metadata


class Base(MappedAsDataclass, DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map: ClassVar = COLUMNS


class UnitRow(Base, kw_only=True):
    """A unit (部门) as it was last told."""

    __tablename__ = "units"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[str]
    parent: Mapped[UUID | None]
    path: Mapped[str]
    """Its place in the tree: `/<id>/<id>/` from the top, its own id last."""
    code: Mapped[str]
    ended: Mapped[bool]
    version: Mapped[int]
    """Of the event that said so; older ones change nothing."""


def units_in(metadata: MetaData) -> None:
    """Let a service's tables have this one among them."""
    for table in Base.metadata.sorted_tables:
        table.to_metadata(metadata)
