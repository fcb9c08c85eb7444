"""A platform that ends hangs up on everybody it called."""

import asyncio
import json
from pathlib import Path
from threading import Thread
from threading import enumerate as enumerate_threads

import httpx
import pytest

from deploy.embedded import assemble
from shared.settings import CommonSettings
from shared.vault import Vault
from tests.conftest import StandingClock
from tests.migrated import lay_out

OPEN = Path("/proc/self/fd")


class Provider:
    """A provider that describes itself, and notes when whoever asked has hung up."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.left = asyncio.Event()
        self.issuer = ""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append(await reader.readuntil(b"\r\n\r\n"))
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        said = {"issuer": self.issuer} | {name: f"{self.issuer}/{name}" for name in names}
        body = json.dumps(said).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        writer.write(head % len(body) + body)
        await writer.drain()
        assert await reader.read() == b""
        self.left.set()
        writer.close()
        await writer.wait_closed()


async def test_the_connection_to_a_provider_ends_with_the_platform(
    common: CommonSettings,
    vault: Vault,
    clock: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider = Provider()
    server = await asyncio.start_server(provider, "127.0.0.1", 0)
    async with server:
        provider.issuer = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        rules = json.dumps([{"group": "mediators", "role": "mediator", "body": "main"}])
        told = {"ISSUER": provider.issuer, "CLIENT": "redress", "SECRET": "s", "GROUPS": rules}
        for name, value in told.items():
            monkeypatch.setenv(f"MEDIATION_OIDC_{name}", value)
        lay_out(common.data)
        platform = assemble(common, vault, clock)
        await platform.migrate()
        transport = httpx.ASGITransport(app=platform.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as visitor:
            answer = await visitor.get("/mediation/login/oidc")
        assert answer.headers["location"].startswith(f"{provider.issuer}/authorization_endpoint?")
        assert (len(provider.asked), provider.left.is_set()) == (1, False)
        await platform.close()
        await asyncio.wait_for(provider.left.wait(), 5)


@pytest.mark.skipif(not OPEN.exists(), reason="this system does not list what is open")
async def test_a_platform_that_ends_leaves_no_file_open_and_no_thread_behind(
    common: CommonSettings, vault: Vault, clock: StandingClock
) -> None:
    lay_out(common.data)
    before = threads()
    platform = assemble(common, vault, clock)
    await platform.migrate()
    await platform.settle()
    assert "facts.duckdb" in open_in(common.data)
    await platform.close()
    assert open_in(common.data) == set()
    assert staying(threads() - before) == []


def open_in(folder: Path) -> set[str]:
    """The names of the files in a folder that this process holds open."""
    held = [one.readlink() for one in OPEN.iterdir() if one.is_symlink()]
    return {one.name for one in held if one.parent == folder}


def threads() -> set[Thread]:
    """The threads of this process, but for those that the loop lends to everybody."""
    return {one for one in enumerate_threads() if not one.name.startswith("asyncio_")}


def staying(some: set[Thread]) -> list[str]:
    """Those that do not end: a thread ends a moment after the last that is heard of it."""
    for one in some:
        one.join(5)
    return [one.name for one in some if one.is_alive()]
