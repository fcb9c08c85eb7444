"""The OpenAPI documents name every code of ours with its Chinese term, in all four services."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

SERVICES = ("intake", "mediation", "notification", "analytics")
CHINESE = "[一-鿿]"


async def document_of(client: httpx.AsyncClient, service: str) -> dict[str, Any]:
    document: dict[str, Any] = (await client.get(f"/{service}/api/openapi.json")).json()
    return document


def enumerations(part: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema that lists its values, with where it stands."""
    if isinstance(part, dict):
        if isinstance(part.get("enum"), list) or isinstance(part.get("const"), str):
            yield place, part
        for name, inner in part.items():
            yield from enumerations(inner, f"{place}/{name}")
    elif isinstance(part, list):
        for index, inner in enumerate(part):
            yield from enumerations(inner, f"{place}/{index}")


def unnamed(schema: dict[str, Any]) -> list[str]:
    """Values that the description does not name with a Chinese term behind them."""
    said = schema.get("description", "")
    values = [one for one in schema.get("enum", [schema.get("const")]) if one is not None]
    return [one for one in values if not re.search(rf"`{re.escape(one)}` [0-9]*{CHINESE}", said)]


@pytest.mark.parametrize("service", SERVICES)
async def test_every_enumeration_names_each_of_its_values_in_chinese(
    client: httpx.AsyncClient, service: str
) -> None:
    found = dict(enumerations(await document_of(client, service)))
    assert found
    assert {place: unnamed(one) for place, one in found.items() if unnamed(one)} == {}


SPOKEN = {
    "intake": {"category": "`goods_food` 食品类", "outcome": "`refused` 不予受理",
               "due_for": "`accept` 决定是否受理", "uscc": "统一社会信用代码",
               "nature": "`after_sales` 售后服务"},
    "mediation": {"state": "`open` 在办", "channel": "`walk_in` 来访", "kind": "`report` 举报",
                  "reason": "`private_deal` 消费者个人之间的私下交易纠纷"},
    "notification": {"way": "`email` 电子邮件", "kind": "`forwarding` 投诉转送函"},
    "analytics": {"channel": "`walk_in` 来访", "kind": "`report` 举报", "unit": "`fen` 分",
                  "state": "`registered` 已登记", "category": "`goods_food` 食品类"},
}  # fmt: skip
"""Codes that are plain text on the wire: a field of this name must name this one."""


def descriptions(part: Any, name: str) -> Iterator[str]:
    """What fields and parameters of this name say of themselves."""
    if isinstance(part, dict):
        if isinstance(one := part.get("properties", {}).get(name), dict):
            yield one.get("description", "")
        if part.get("name") == name and "in" in part:
            yield part.get("description", "")
        for inner in part.values():
            yield from descriptions(inner, name)
    elif isinstance(part, list):
        for inner in part:
            yield from descriptions(inner, name)


@pytest.mark.parametrize("service", SERVICES)
async def test_codes_that_are_plain_text_are_named_in_chinese_as_well(
    client: httpx.AsyncClient, service: str
) -> None:
    document = await document_of(client, service)
    for name, words in SPOKEN[service].items():
        assert any(words in said for said in descriptions(document, name)), name
