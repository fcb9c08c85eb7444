"""No setting leads a call of ours to a cloud's metadata, in whatever way it is written."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from ipaddress import IPv4Address
from struct import pack
from typing import Any

import pytest
from aiokafka.client import AIOKafkaClient  # type: ignore[import-untyped]  # ships no types
from pydantic_settings import BaseSettings

from deploy.prepare.__main__ import Addresses
from services.analytics.settings import AnalyticsSettings
from services.intake.settings import IntakeSettings
from services.mediation.settings import MediationSettings
from services.notification.settings import NotificationSettings
from shared.net import over_the_wire
from shared.runtime.distributed import prove_addresses
from shared.settings import CommonSettings
from tests.shared.calls import (
    CALLS,
    HIDDEN,
    NAMED,
    NOT_CALLED,
    Call,
    answering,
    sister,
    url_at,
    watched,
)

METADATA = "169.254.169.254"
NOBODYS = [METADATA, "100.100.100.200", str(IPv4Address(0)), "224.0.0.1"]
EVERY = pytest.mark.parametrize(
    ("setting", "call"), CALLS, ids=[f"{name}-{call.__name__}" for name, call in CALLS]
)
SETTINGS: list[type[BaseSettings]] = [
    CommonSettings, IntakeSettings, MediationSettings, NotificationSettings, AnalyticsSettings,
    Addresses,
]  # fmt: skip


def test_every_setting_that_is_a_text_is_called_here_or_names_no_server() -> None:
    texts = {
        f"{told.model_config.get('env_prefix', '')}{name}".upper()
        for told in SETTINGS
        for name, field in told.model_fields.items()
        if field.annotation is str
    }
    assert texts == {setting for setting, _ in CALLS} | NOT_CALLED


@EVERY
@pytest.mark.parametrize("host", NOBODYS)
async def test_a_setting_that_names_nobodys_address_connects_to_nothing(
    setting: str, call: Call, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watched(monkeypatch) as tried, suppress(Exception):
        await call(host)
    assert tried == []


@EVERY
@pytest.mark.parametrize("found", [METADATA, "fe80::1", "::ffff:169.254.169.254", "fd00:ec2::254"])
async def test_a_setting_whose_name_leads_to_nobodys_address_connects_to_nothing(
    setting: str, call: Call, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answering(monkeypatch, found)
    with watched(monkeypatch) as tried, suppress(Exception):
        await call("server.intern")
    assert tried == []
    assert set(asked) == {"server.intern"}


@EVERY
async def test_the_same_call_goes_to_a_server_of_the_house(
    setting: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nothing above would be proved."""
    with watched(monkeypatch) as tried, suppress(Exception):
        await call("127.0.0.1")
    assert set(tried) == {"127.0.0.1"}


@pytest.mark.parametrize(("setting", "call"), NAMED)
async def test_the_error_names_the_setting_and_what_it_must_be(setting: str, call: Call) -> None:
    with pytest.raises(Exception, match="must lead to the server's own address") as refused:
        await call(METADATA)
    said = str(refused.value)
    assert said.startswith(f"Calls to {METADATA}:1 are not allowed. {setting} ")
    assert HIDDEN not in said


async def test_a_sister_whose_name_changes_its_mind_is_called_where_it_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering(monkeypatch, "10.0.0.9", METADATA)
    with watched(monkeypatch) as tried, suppress(Exception):
        await sister("intake")("intake.intern")
    assert tried == ["10.0.0.9"]


WRONG = [
    ("REDRESS_MEDIATION_URL", {"mediation_url": f"http://{METADATA}"}, url_at("127.0.0.1")),
    ("REDRESS_KAFKA_SERVERS", {"kafka_servers": f"127.0.0.1:9,{METADATA}:9"}, ""),
    ("INTAKE_DATABASE_URL", {}, url_at(METADATA)),
]


@pytest.mark.parametrize(("setting", "told", "url"), WRONG)
async def test_a_service_that_is_told_such_an_address_does_not_start(
    setting: str,
    told: dict[str, Any],
    url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with watched(monkeypatch) as tried, pytest.raises(ConnectionError, match=setting):
        await prove_addresses("intake", CommonSettings(**told), url or url_at("127.0.0.1"))
    assert tried == []


async def test_a_name_that_leads_nowhere_yet_is_no_reason_not_to_start() -> None:
    told = CommonSettings(mediation_url="http://mediation.invalid:8000")
    await prove_addresses("intake", told, "sqlite+aiosqlite:///x.db")


Said = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(say: Said) -> AsyncGenerator[int]:
    server = await asyncio.start_server(say, "127.0.0.1", 0)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


def text_of(words: str) -> bytes:
    return pack(">h", len(words)) + words.encode()


async def broker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A Kafka broker of which the others are said to be where a cloud keeps its metadata."""
    versions = pack(">hi", 0, 2) + pack(">hhh", 18, 0, 0) + pack(">hhh", 3, 0, 0)
    others = pack(">ii", 1, 7) + text_of(METADATA) + pack(">i", 9092) + pack(">i", 0)
    with suppress(asyncio.IncompleteReadError):
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            asked = await reader.readexactly(size)
            said = asked[4:8] + (versions if asked[:2] == pack(">h", 18) else others)
            writer.write(pack(">i", len(said)) + said)
            await writer.drain()
    writer.close()


async def test_a_broker_cannot_send_us_to_the_metadata_of_a_cloud(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(broker) as port:
        client = AIOKafkaClient(bootstrap_servers=f"127.0.0.1:{port}")
        with watched(monkeypatch) as tried:
            await client.bootstrap()
            assert [one.host for one in client.cluster.brokers()] == [METADATA]
            assert not await client.ready(7)
        await client.close()
    assert set(tried) == {"127.0.0.1"}


async def moved(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    place = f"http://{METADATA}/latest/".encode()
    writer.write(b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % place)
    await writer.drain()
    writer.close()


async def test_a_sister_cannot_send_us_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(moved) as port:
        with watched(monkeypatch) as tried:
            async with over_the_wire(f"http://localhost:{port}") as client:
                assert (await client.get("/internal/facts")).status_code == 302
    assert set(tried) <= {"127.0.0.1", "::1"}
