"""Addresses that lie, bodies that are packed, slow, nested or endless, heads that never end."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import APIRouter, Body, File, Request, UploadFile
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import ASGIApp

from shared.addresses import group_of, normal
from shared.limits.rates import Rate
from shared.runtime.patient import READ_ON, Patient
from shared.vault import Vault
from shared.web import CheckedForm, edge, public
from shared.web.nesting import MOST, too_deep
from shared.web.options import Limits, Pace
from shared.web.requests import address_of, forwarded_in
from tests.conftest import StandingClock
from tests.shared.webs import ENGLISH, Ticks, database_of, options, serving

router = APIRouter()
taken: list[Any] = []


@router.post("/x/api/v1/anything", dependencies=[public()])
async def anything(body: Any = Body()) -> int:  # noqa: B008, FAST002 - FastAPI's way
    taken.append(body)
    return 1


@router.post("/x/api/v1/raw", dependencies=[public()])
async def raw(request: Request) -> int:
    taken.append(await request.body())
    return len(taken[-1])


@router.post("/x/api/v1/files", dependencies=[public()])
async def files(file: list[UploadFile] = File()) -> int:  # noqa: B008, FAST002 - FastAPI's way
    taken.append(file)
    return len(file)


@router.post("/x/form", dependencies=[public()])
async def a_form(form: CheckedForm) -> int:
    taken.append(form)
    return len(form)


@router.get("/x/api/v1/open", dependencies=[public()])
async def is_open() -> str:
    return "open"


@router.get("/x/api/v1/address", dependencies=[public()])
async def address(request: Request) -> str:
    return str(request.scope["redress.caller"])


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("1.2.3.4", "1.2.3.4"),
        (" 1.2.3.4:5678 ", "1.2.3.4"),
        ("[2001:DB8:0::1]:443", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("unknown", None),
        ("1.2.3", None),
        ("", None),
        ("1.2.3.4 evil", None),
        ("9" * 5000, None),
    ],
)
def test_an_address_has_one_way_of_writing(said: str, kept: str | None) -> None:
    assert normal(said) == kept


def test_one_person_has_all_addresses_of_a_site_and_one_of_the_old_kind() -> None:
    assert group_of("2001:db8:1:2::1") == group_of("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert group_of("2001:db8:1:3::1") == "2001:db8:1:3::/64"
    assert group_of("1.2.3.4") == group_of("::ffff:1.2.3.4") == "1.2.3.4"
    assert group_of("-") == "-"


@pytest.mark.parametrize(
    ("lines", "hops", "seen"),
    [
        (["6.6.6.6"], 0, "10.0.0.1"),
        (["6.6.6.6, 7.7.7.7"], 1, "7.7.7.7"),
        (["6.6.6.6", "7.7.7.7"], 1, "7.7.7.7"),
        (["5.5.5.5, 6.6.6.6", "7.7.7.7"], 2, "6.6.6.6"),
        (["7.7.7.7:1234"], 1, "7.7.7.7"),
        (["127.0.0.1, unknown"], 1, "10.0.0.1"),
        (["<script>"], 1, "10.0.0.1"),
        ([" , ,"], 1, "10.0.0.1"),
        ([], 1, "10.0.0.1"),
    ],
)
def test_a_forged_address_is_not_believed(lines: list[str], hops: int, seen: str) -> None:
    headers = [(b"x-forwarded-for", line.encode()) for line in lines]
    scope = {"type": "http", "client": ("10.0.0.1", 1), "headers": headers}
    assert address_of(scope, forwarded_in(scope), hops) == seen


async def test_a_stranger_who_changes_addresses_within_a_site_is_slowed_down(
    vault: Vault, clock: StandingClock
) -> None:
    few = replace(options(Ticks()), limits=Limits(readers=Rate(1, 3)), trusted_hops=1)
    async with serving([router], database_of(vault, clock), few) as client:

        async def read(forwarded: str) -> int:
            headers = {"X-Forwarded-For": forwarded}
            return (await client.get("/x/api/v1/open", headers=headers)).status_code

        same = [await read(f"2001:db8::{n:x}") for n in range(4)]
        assert same == [200, 200, 200, 429]
        assert await read("2001:db8:0:1::1") == 200
        forged = [await read(f"8.8.8.{n}, 9.9.9.9") for n in range(4)]
        assert forged == [200, 200, 200, 429]


async def test_a_packed_body_is_refused_and_not_unpacked(
    vault: Vault, clock: StandingClock
) -> None:
    taken.clear()
    async with serving([router], database_of(vault, clock)) as client:
        for encoding in ("gzip", "deflate", "br", "GZIP", "gzip, identity"):
            answer = await client.post(
                "/x/api/v1/anything",
                content=b"\x1f\x8b\x08",
                headers={"Content-Encoding": encoding, "Content-Type": "application/json"},
            )
            assert (answer.status_code, answer.json()["type"]) == (415, "PackedBodyError")
            assert answer.headers["accept-encoding"] == "identity"
        plain = {"Content-Encoding": "identity"}
        assert (await client.post("/x/api/v1/anything", json=1, headers=plain)).status_code == 200
    assert taken == [1]


def nested(depth: int, opening: str = "[", closing: str = "]") -> bytes:
    return (opening * depth + closing * depth).encode()


@pytest.mark.parametrize(
    "deep",
    [
        nested(MOST + 1),
        nested(MOST + 1, '{"a":', "}").replace(b":}", b":1}"),
        nested(100_000),
        b"[" * 100_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b"[[]," * 40 + b"1" + b"]" * 40,
        b'["\\\\",' * 40 + b"1" + b"]" * 40,
    ],
)
async def test_json_nested_too_deep_is_refused_before_it_is_read(
    vault: Vault, clock: StandingClock, deep: bytes
) -> None:
    taken.clear()
    headers = {"Content-Type": "application/json"} | ENGLISH
    async with serving([router], database_of(vault, clock)) as client:
        answer = await client.post("/x/api/v1/anything", content=deep, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "TooNested")
    assert answer.json()["detail"] == "The JSON is nested too deeply; please check it."
    assert taken == []


async def test_json_as_deep_as_is_allowed_passes_and_brackets_in_words_do_not_count(
    vault: Vault, clock: StandingClock
) -> None:
    taken.clear()
    fine: list[Any] = [
        json.loads(nested(MOST)),
        {"text": "[" * 500 + '\\"{' * 500},
        [{"a": ["\\", '"', "]"]}] * 200,
        [[[]]] * 1000,
    ]
    async with serving([router], database_of(vault, clock)) as client:
        for body in fine:
            answer = await client.post("/x/api/v1/anything", json=body)
            assert answer.status_code == 200
    assert taken == fine


Tree = st.recursive(
    st.none() | st.integers() | st.text('a"\\[]{}，', max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=60,
)


def depth_of(tree: Any) -> int:
    if isinstance(tree, dict):
        return 1 + max(map(depth_of, tree.values()), default=0)
    return 1 + max(map(depth_of, tree), default=0) if isinstance(tree, list) else 0


@given(Tree, st.integers(1, 8))
def test_the_depth_of_json_is_known_exactly(tree: Any, most: int) -> None:
    assert too_deep(json.dumps(tree).encode(), most) == (depth_of(tree) > most)


async def test_forms_of_too_many_parts_or_endless_heads_are_refused(
    vault: Vault, clock: StandingClock
) -> None:
    taken.clear()
    many = [("file", (f"{n}.txt", b"x", "text/plain")) for n in range(1001)]
    long_name = [("file", ("n" * 5000, b"x", "text/plain"))]
    heads = b"".join(b"X-%d: 1\r\n" % n for n in range(20))
    crowded = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n'
        + heads + b"\r\nx\r\n--b--\r\n"
    )  # fmt: skip
    async with serving([router], database_of(vault, clock)) as client:
        for parts in (many, long_name):
            answer = await client.post("/x/api/v1/files", files=parts)
            assert answer.status_code == 400
        media = {"Content-Type": "multipart/form-data; boundary=b"}
        answer = await client.post("/x/api/v1/files", content=crowded, headers=media)
        assert answer.status_code == 400
        fields = {f"f{n}": "x" for n in range(301)}
        for form in (fields, {"f": "x" * (2**20 + 1)}):
            asked = await client.post("/x/form", files=[("a", ("a", b"", ""))], data=form)
            assert asked.status_code == 400
    assert taken == []


async def test_headers_of_too_many_bytes_are_refused(vault: Vault, clock: StandingClock) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        for size, status in ((30_000, 200), (33_000, 431)):
            headers = {"Cookie": "a=" + "x" * size}
            assert (await client.get("/x/api/v1/open", headers=headers)).status_code == status


class Hasty(Patient):
    """Patient for a fifth of a second only."""

    head_seconds = 0.2


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncGenerator[tuple[str, int]]:
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off", http=Hasty)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server._serve())  # noqa: SLF001 - without the runner's signals
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()
    server.should_exit = True
    await running


async def spoken(place: tuple[str, int], *said: bytes, pause: float = 0) -> bytes:
    """What a server answers to these pieces, to the end."""
    reader, writer = await asyncio.open_connection(*place)
    try:
        for piece in said:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_slow_heads_are_hung_up_on_and_others_are_served(
    vault: Vault, clock: StandingClock
) -> None:
    taken.clear()
    database = database_of(vault, clock)
    async with listening(edge("x", [router], database, options=options())) as place:
        get = b"GET /x/api/v1/open HTTP/1.1\r\nHost: test\r\n"
        drops = [b"X-%d: 1\r\n" % n for n in range(40)]
        assert await spoken(place) == b""  # connected, and never says a word
        assert await spoken(place, get, *drops, pause=0.02) == b""
        fine = await spoken(place, get + b"Connection: close\r\n\r\n")
        assert fine.startswith(b"HTTP/1.1 200 OK")
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{place[1]}") as client:
            for _ in range(3):  # over one connection: each head has its own time
                assert (await client.get("/x/api/v1/open")).status_code == 200
                await asyncio.sleep(0.15)
            large = await client.post("/x/api/v1/raw", content=b"x" * 500_000)
            assert large.json() == 500_000
    assert len(taken) == 1
    await database.close()


LONG = b"X: " + b"x" * (70_000 - 3)
POST = b"POST /x/api/v1/raw HTTP/1.1\r\nHost: test\r\nAccept-Language: "
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
TOO_LONG = b"HTTP/1.1 414 Request-URI Too Long\r\n"


@pytest.mark.parametrize(
    ("pieces", "first", "detail"),
    [
        ([POST + b"zh\r\n" + LONG + b"\r\n\r\n"], TOO_LARGE, "请求头太多，请减少后再试。"),
        (
            [POST + b"en\r\n" + LONG + b"\r\n\r\n"],
            TOO_LARGE,
            "Too many headers; please send fewer.",
        ),
        ([POST, b"en\r\nY: 1\r\n", LONG, LONG], TOO_LARGE, "Too many headers; please send fewer."),
        ([POST + b"zh\r\n", *[LONG] * 10], TOO_LARGE, "请求头太多，请减少后再试。"),
        ([b"GET /" + b"a" * 70_000], TOO_LONG, "网址太长，请缩短。"),
        ([b"GET /" + b"a" * 40_000, b"a" * 40_000], TOO_LONG, "网址太长，请缩短。"),
    ],
    ids=["whole", "english", "in pieces", "for long", "address", "address in pieces"],
)
async def test_an_endless_head_is_answered_before_the_connection_ends(
    vault: Vault, clock: StandingClock, pieces: list[bytes], first: bytes, detail: str
) -> None:
    taken.clear()
    database = database_of(vault, clock)
    async with listening(edge("x", [router], database, options=options())) as place:
        answer = await spoken(place, *pieces, pause=0.02)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert answer.startswith(first)
        assert b"\r\nContent-Type: application/problem+json\r\n" in head
        assert head.endswith(b"\r\nConnection: close")
        document = json.loads(body)
        assert (document["status"], document["detail"]) == (int(first[9:12]), detail)
        assert taken == []
        fine = POST + b"en\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"
        assert (await spoken(place, fine)).startswith(b"HTTP/1.1 200 OK")
    assert taken == [b"x"]
    await database.close()


async def pour(writer: asyncio.StreamWriter) -> None:
    """Send for as long as the other side lets us, and no more than it could ever read."""
    for _ in range(100 * READ_ON // len(LONG)):
        writer.write(LONG)
        await writer.drain()


async def test_whoever_never_stops_sending_is_hung_up_on(
    vault: Vault, clock: StandingClock
) -> None:
    taken.clear()
    database = database_of(vault, clock)
    async with listening(edge("x", [router], database, options=options())) as place:
        _, writer = await asyncio.open_connection(*place)
        with pytest.raises(ConnectionError):
            await pour(writer)
        writer.close()
    assert taken == []
    await database.close()


async def test_a_body_that_comes_too_slowly_is_told_so_and_cut_off(
    vault: Vault, clock: StandingClock
) -> None:
    taken.clear()
    database = database_of(vault, clock)
    around = replace(options(), limits=Limits(pace=Pace(seconds=0.2, per_second=1000)))
    async with listening(edge("x", [router], database, options=around)) as place:
        head = (
            b"POST /x/api/v1/raw HTTP/1.1\r\nHost: test\r\nContent-Type: text/plain\r\n"
            b"Content-Length: 1000\r\n\r\n"
        )
        cut = await spoken(place, head, b"x", b"x", b"x", pause=0.05)
        assert cut.startswith(b"HTTP/1.1 408 Request Timeout")
        assert "内容传得太慢".encode() in cut
        fast = await spoken(
            place, head.replace(b"Host", b"Connection: close\r\nHost"), b"x" * 500, b"x" * 500,
            pause=0.1,
        )  # fmt: skip
        assert fast.endswith(b"1000")
    assert [len(one) for one in taken] == [1000]
    await database.close()
