"""Requests made of what the API says of itself, with something personal wherever one can type.

One field at a time is marked while the others are harmless, so that a rule that looks at one of
them is met whatever the rules before it say; and everything at once, of the wrong type too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

MARK, DIGITS = "赵钱孙李13800009999", "13800009999"
MARKS = (MARK, DIGITS, "赵钱孙李")
NOTHING = str(UUID(int=0))
DEEPEST = 6
HARMLESS = {"uuid": NOTHING, "date": "2026-06-01", "date-time": "2026-06-01T09:00:00+08:00"}
Json = Any


@dataclass(frozen=True)
class Operation:
    """One thing that the API does (an operation of OpenAPI 3)."""

    method: str
    path: str
    parameters: tuple[str, ...]
    body: Mapping[str, Any] | None
    schemas: Mapping[str, Any] = field(repr=False, hash=False)


@dataclass(frozen=True)
class Wrong:
    """A request with something personal in it."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Json = None


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Everything that an OpenAPI document lists."""
    schemas = document.get("components", {}).get("schemas", {})
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            names = [one["name"] for one in said.get("parameters", ()) if one["in"] == "query"]
            content = said.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield Operation(method.upper(), path, tuple(names), content.get("schema"), schemas)


def wrongs(one: Operation, known: Mapping[str, str]) -> Iterator[Wrong]:
    """The requests; `known` are values with which a path leads to something that is there."""
    there = filled(one.path, known)
    usual = body_of(one, one.body, "") if one.body else None
    for mark in (MARK, DIGITS):
        if "{" in one.path:
            marked = filled(one.path, {}, mark)
            yield Wrong(one.method, marked, body=usual)
        for name in one.parameters:
            yield Wrong(one.method, there, {name: mark})
        if one.body:
            yield Wrong(one.method, there, body=[mark])
            yield Wrong(one.method, there, body=everywhere(usual, mark))
            for body in one_by_one(usual, mark):
                yield Wrong(one.method, there, body=body)


def filled(path: str, known: Mapping[str, str], otherwise: str = NOTHING) -> str:
    """A path with something in each of its places."""
    for place in [part.partition("}")[0] for part in path.split("{")[1:]]:
        path = path.replace(f"{{{place}}}", known.get(place, otherwise))
    return path


def body_of(one: Operation, schema: Mapping[str, Any], name: str, depth: int = 0) -> Json:
    """A harmless body of this shape."""
    schema = resolved(one, schema)
    if "enum" in schema or "const" in schema:
        return schema.get("const", next(iter(schema.get("enum", ("",)))))
    if "properties" in schema and depth < DEEPEST:
        return {
            key: body_of(one, each, key, depth + 1) for key, each in schema["properties"].items()
        }
    if schema.get("type") == "array":
        return [body_of(one, schema["items"], name, depth + 1)] if depth < DEEPEST else []
    plain = {"integer": 1, "number": 1, "boolean": True, "object": {"/matter/subject": "x"}}
    return plain.get(schema.get("type", ""), HARMLESS.get(schema.get("format", ""), "x"))


def resolved(one: Operation, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference stands for; of several kinds the first that is not null."""
    while True:
        if "$ref" in schema:
            schema = one.schemas[schema["$ref"].rpartition("/")[2]]
        elif "anyOf" in schema or "oneOf" in schema:
            kinds = schema.get("anyOf") or schema["oneOf"]
            schema = next(kind for kind in kinds if kind.get("type") != "null")
        else:
            return schema


def everywhere(value: Json, mark: str) -> Json:
    """The mark in every place of a body, whatever belongs there."""
    if isinstance(value, dict):
        return {key: everywhere(each, mark) for key, each in value.items()}
    return [everywhere(each, mark) for each in value] if isinstance(value, list) else mark


def one_by_one(value: Json, mark: str) -> Iterator[Json]:
    """The body as often as it has places, each time with the mark in one of them."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from ({**value, key: changed} for changed in one_by_one(each, mark))
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from (
                [*value[:at], changed, *value[at + 1 :]] for changed in one_by_one(each, mark)
            )
    else:
        yield mark
