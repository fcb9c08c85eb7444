"""What all tables of intake stand on."""

from typing import ClassVar

from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass

from shared.columns import COLUMNS, new_metadata


class Base(MappedAsDataclass, DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map: ClassVar = COLUMNS
