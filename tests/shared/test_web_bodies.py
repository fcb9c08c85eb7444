"""Bodies on their way in: how slowly they may come, how many of one caller, how many at all."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from fastapi import APIRouter, Request
from starlette.types import Message

from shared.limits.underway import Full, Place, Room, Underway
from shared.vault import Vault
from shared.web import body_limit, edge, public
from shared.web.incoming import Incoming, Known, Waiting
from shared.web.options import EdgeOptions, Limits, Pace
from shared.web.unwelcome import TooSlow
from tests.conftest import StandingClock
from tests.shared.test_web_abuse import listening, spoken
from tests.shared.webs import Ticks, database_of, options

router = APIRouter()
taken: list[bytes] = []
HEAD = "POST /x/api/v1/raw HTTP/1.1\r\nHost: test\r\nContent-Type: text/plain\r\n"
ENOUGH = Pace(seconds=5, per_second=1)


@router.post("/x/api/v1/raw", dependencies=[public(), body_limit(10**6)])
async def raw(request: Request) -> int:
    taken.append(await request.body())
    return len(taken[-1])


@router.get("/x/api/v1/open", dependencies=[public()])
async def is_open() -> str:
    return "open"


def head(size: int, address: str = "192.0.2.1") -> bytes:
    said = f"{HEAD}X-Forwarded-For: {address}\r\nAccept-Language: en\r\nConnection: close\r\n"
    return f"{said}Content-Length: {size}\r\n\r\n".encode()


@asynccontextmanager
async def place_with(
    vault: Vault, clock: StandingClock, limits: Limits
) -> AsyncGenerator[tuple[str, int]]:
    """A listening edge with these limits, behind one proxy; nothing was taken yet."""
    taken.clear()
    database = database_of(vault, clock)
    around: EdgeOptions = replace(options(), limits=limits, trusted_hops=1)
    async with listening(edge("x", [router], database, options=around)) as place:
        yield place
    await database.close()


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def begun(place: tuple[str, int], said: bytes) -> Line:
    """A connection on which a body was begun, and the server has seen that."""
    reader, writer = await asyncio.open_connection(*place)
    writer.write(said)
    await writer.drain()
    await asyncio.sleep(0.05)
    return reader, writer


async def ended(line: Line, rest: bytes) -> bytes:
    """The answer to a body with its rest."""
    reader, writer = line
    writer.write(rest)
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


async def test_what_came_fast_earns_no_time_for_what_comes_later(
    vault: Vault, clock: StandingClock
) -> None:
    slow = Limits(pace=Pace(seconds=0.2, per_second=1000))
    async with place_with(vault, clock, slow) as place:
        answer = await spoken(place, head(900_000), b"x" * 500_000)
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout")
    assert b"The content came too slowly" in answer
    assert taken == []


def test_a_stretch_of_bytes_has_its_time_and_the_whole_body_an_end() -> None:
    waiting = Waiting(Pace(seconds=30, per_second=1000, whole_per_second=20_000))
    size = 1_000_000
    assert waiting.left(size) == 30
    waiting.add(29_999, 20)
    assert waiting.left(size) == 10
    waiting.add(1, 9)
    assert waiting.left(size) == 30
    waiting.add(900_000, 1)
    assert waiting.left(size) == 30
    waiting.add(10_000, 60)
    assert (waiting.waited, waiting.left(size)) == (90, -30)
    for _ in range(4):
        waiting.add(30_000, 5)
    assert (waiting.waited, waiting.left(size)) == (110, 0)
    assert Pace().whole(202 * 2**20) == pytest.approx(60 + 10_590.6, abs=0.1)


async def test_a_body_that_trickles_fast_enough_still_has_to_end() -> None:
    ticks = Ticks()

    async def receive() -> Message:
        ticks.now += 29
        return {"type": "http.request", "body": b"x" * 30_000, "more_body": True}

    incoming = Incoming(
        Known(declared=0, json=False, pace=Pace()), lambda: 1_000_000, receive, ticks=ticks
    )
    for _ in range(4):
        await incoming()
    with pytest.raises(TooSlow):
        await incoming()
    assert (ticks.now, incoming.received) == (116, 120_000)


async def test_what_we_do_between_two_pieces_is_not_held_against_who_sends() -> None:
    ticks = Ticks()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"x", "more_body": True}

    incoming = Incoming(
        Known(declared=0, json=False, pace=Pace()), lambda: 1000, receive, ticks=ticks
    )
    for _ in range(3):
        await incoming()
        ticks.now += 1000
    assert (incoming.received, incoming.waiting.waited) == (3, 0)


async def test_one_address_holds_no_more_bodies_open_than_its_share(
    vault: Vault, clock: StandingClock
) -> None:
    few = Limits(bodies=2, pace=ENOUGH)
    async with place_with(vault, clock, few) as place:
        site = ("2001:db8:1:2::5", "2001:db8:1:2:a:b:c:d", "2001:db8:1:2::6", "2001:db8:1:3::5")
        first = await begun(place, head(3, site[0]) + b"x")
        second = await begun(place, head(3, site[1]))
        refused = await spoken(place, head(3, site[2]), b"abc")
        assert refused.startswith(b"HTTP/1.1 429 Too Many Requests")
        assert b"\r\nConnection: close\r\n" in refused or b"\r\nconnection: close\r\n" in refused
        assert b"Too much is being sent from this network at once" in refused
        assert taken == []
        assert (await spoken(place, head(3, site[3]), b"abc")).endswith(b"3")
        assert (await ended(first, b"yz")).endswith(b"3")
        assert (await spoken(place, head(3, site[2]), b"def")).endswith(b"3")
        assert (await ended(second, b"uvw")).endswith(b"3")
    assert taken == [b"abc", b"xyz", b"def", b"uvw"]


async def test_whoever_hangs_up_gives_the_place_back(vault: Vault, clock: StandingClock) -> None:
    one = Limits(bodies=1, pace=ENOUGH)
    async with place_with(vault, clock, one) as place:
        _, writer = await begun(place, head(3) + b"x")
        writer.close()
        await asyncio.sleep(0.05)
        assert (await spoken(place, head(3), b"abc")).endswith(b"3")
    assert taken == [b"abc"]


async def test_bodies_of_many_addresses_leave_places_for_whoever_reads(
    vault: Vault, clock: StandingClock
) -> None:
    few = Limits(at_once=4, pace=ENOUGH)
    async with place_with(vault, clock, few) as place:
        lines = [await begun(place, head(1, f"192.0.2.{n}")) for n in (1, 2)]
        refused = await spoken(place, head(3, "192.0.2.3"), b"abc")
        assert refused.startswith(b"HTTP/1.1 503 Service Unavailable")
        assert b"Too many people are submitting" in refused
        assert taken == []
        get = b"GET /x/api/v1/open HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
        assert (await spoken(place, get)).endswith(b'"open"')
        assert [(await ended(one, b"x"))[-1:] for one in lines] == [b"1", b"1"]


async def test_large_bodies_have_a_common_room_and_words_get_in_beside_them(
    vault: Vault, clock: StandingClock
) -> None:
    tight = Limits(body=100, heavy=2000, pace=ENOUGH)
    async with place_with(vault, clock, tight) as place:
        first = await begun(place, head(1100) + b"x" * 1000)
        refused = await spoken(place, head(300), b"x" * 300)
        assert refused.startswith(b"HTTP/1.1 503 Service Unavailable")
        assert b"Too many files are being sent at once" in refused
        assert taken == []
        assert (await spoken(place, head(100), b"x" * 100)).endswith(b"100")
        assert (await spoken(place, head(300, "192.0.2.2"), b"x" * 300)).endswith(b"300")
        assert (await ended(first, b"x" * 100)).endswith(b"1100")
        assert (await spoken(place, head(1100), b"x" * 1100)).endswith(b"1100")
    assert [len(one) for one in taken] == [100, 300, 1100, 1100]


def test_a_place_gives_back_exactly_what_it_took() -> None:
    underway = Underway(Room(of_caller=1, bodies=2, small=10, most=100))
    one, two = Place(underway, "a"), Place(underway, "a")
    assert (one.begin(), two.begin()) == (None, Full.CALLER)
    assert (one.came(60), one.came(1)) == (None, Full.BYTES)
    one.whole()
    assert two.begin() is None
    two.leave()
    assert Place(underway, "b").came(61) is Full.BYTES
    assert not underway.idle
    one.leave()
    one.leave()
    assert underway.idle
