"""Ids where a log keeps text: the key of a row as an id, and lists of ids, on both databases."""

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, false, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from shared.trail.tables import AuditRow


class KeyAsId(FunctionElement[UUID]):
    """The id that the key of a row spells, as tables keep ids; NULL for any other key."""

    type = Uuid()
    inherit_cache = True


class ListOfIds(FunctionElement[UUID]):
    """Ids, however many, for `IN`: one value of JSON, because a statement takes only so many."""

    type = Uuid()
    inherit_cache = True


@compiles(KeyAsId)
def key_as_id(element: KeyAsId, compiler: Any, **options: Any) -> str:
    """SQLite keeps ids without dashes."""
    return f"replace({compiler.process(element.clauses, **options)}, '-', '')"


@compiles(KeyAsId, "postgresql")
def key_as_uuid(element: KeyAsId, compiler: Any, **options: Any) -> str:
    """PostgreSQL refuses to cast what is no id, so it is looked at first."""
    key = compiler.process(element.clauses, **options)
    spelled = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
    return f"CASE WHEN {key} ~ '{spelled}' THEN CAST({key} AS UUID) END"


@compiles(ListOfIds)
def list_of_ids(element: ListOfIds, compiler: Any, **options: Any) -> str:
    """The values of a JSON array, in SQLite."""
    text = compiler.process(element.clauses, **options)
    return f"(SELECT value FROM json_each({text}))"  # noqa: S608 - a bound value, no text of ours


@compiles(ListOfIds, "postgresql")
def list_of_uuids(element: ListOfIds, compiler: Any, **options: Any) -> str:
    """The values of a JSON array, in PostgreSQL."""
    text = compiler.process(element.clauses, **options)
    values = f"json_array_elements_text(CAST({text} AS JSON))"
    return f"(SELECT CAST(value AS UUID) FROM {values} AS value)"  # noqa: S608 - a bound value


def key_id() -> ColumnElement[UUID]:
    """The key of a row, to be compared with ids."""
    return KeyAsId(AuditRow.key)


def among(column: Any, ids: Collection[UUID]) -> ColumnElement[bool]:
    """Whether a column has one of these ids."""
    if not ids:
        return false()
    found: ColumnElement[bool] = column.op("IN")(
        ListOfIds(literal(json.dumps([one.hex for one in ids])))
    )
    return found
