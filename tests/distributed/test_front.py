"""The front: which requests reach which service, and what they carry."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import yaml

from deploy.front.nginx import FRAME, TEMPLATE, Front, names, nginx
from deploy.processes import MissingError, end, free_port, start, wait_for_ports
from shared.i18n import Language, translated
from shared.web.statuses import DETAILS, TITLES
from tests.databases import missing_is

SERVICES = ("intake", "mediation", "notification", "analytics")
ROOT = Path(__file__).parents[2]
MOST_CONNECTIONS = 300
"""Of one caller, as the template says it."""
AWAY = {
    "zh": "服务暂时无法访问，请几秒钟后用同一个 Idempotency-Key 重试。",
    "en": "The service cannot be reached for the moment; try again in a few seconds with the same "
    "Idempotency-Key.",
}
"""Unlike a service that lacks its database, the front doesn't know what became of the request."""


class Echo:
    """Answers with its own name and the request as it came."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.heard: list[str] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        except asyncio.IncompleteReadError:
            writer.close()
            return
        self.heard.append(head)
        body = f"{self.name}\n{head}".encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n")
        writer.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


@pytest.fixture
async def echoes() -> AsyncIterator[dict[str, tuple[Echo, int]]]:
    async with AsyncExitStack() as stack:
        there = {}
        for name in SERVICES:
            echo = Echo(name)
            server = await asyncio.start_server(echo, "127.0.0.1", 0)
            await stack.enter_async_context(server)
            there[name] = (echo, int(server.sockets[0].getsockname()[1]))
        yield there


@pytest.fixture
async def front(
    echoes: dict[str, tuple[Echo, int]], tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    try:
        nginx()
    except MissingError as error:
        missing_is(error)
    places = {name: f"127.0.0.1:{port}" for name, (_, port) in echoes.items()}
    async with running(Front(tmp_path / "front", free_port(), places, tmp_path / "logs")) as client:
        yield client


@asynccontextmanager
async def running(one: Front) -> AsyncIterator[httpx.AsyncClient]:
    """A front as long as this lasts, and somebody in front of it."""
    one.make()
    process = start(one.program())
    try:
        await asyncio.to_thread(wait_for_ports, "nginx", [one.port], [process])
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{one.port}") as client:
            yield client
    finally:
        await asyncio.to_thread(end, process, one.program())


@pytest.fixture
async def nowhere(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A front whose services are all away."""
    try:
        nginx()
    except MissingError as error:
        missing_is(error)
    places = {name: f"127.0.0.1:{free_port()}" for name in SERVICES}
    async with running(Front(tmp_path / "front", free_port(), places, tmp_path / "logs")) as client:
        yield client


@pytest.mark.parametrize("name", SERVICES)
async def test_each_service_gets_its_own_prefix_and_nothing_is_stripped(
    front: httpx.AsyncClient, name: str
) -> None:
    said = (await front.get(f"/{name}/a/b?c=d")).text
    assert said.startswith(f"{name}\nGET /{name}/a/b?c=d HTTP/1.1\r\n")


async def test_the_landing_page_is_intakes(front: httpx.AsyncClient) -> None:
    assert (await front.get("/")).text.startswith("intake\nGET / HTTP/1.1\r\n")


@pytest.mark.parametrize(
    "path",
    [
        "/internal/words",
        "/internal",
        "/metrics",
        "/readyz",
        "/intake/../internal/words",
        "/intake/%2e%2e/internal/words",
        "//internal/words",
        "/_front/page/503",
    ],
)
async def test_what_is_inside_does_not_pass(
    front: httpx.AsyncClient, echoes: dict[str, tuple[Echo, int]], path: str
) -> None:
    url = httpx.URL(str(front.base_url)).copy_with(raw_path=path.encode())
    answer = await front.get(url)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text
    assert [echo.heard for echo, _ in echoes.values()] == [[], [], [], []]


async def test_the_front_says_that_it_is_alive_by_itself(front: httpx.AsyncClient) -> None:
    answer = await front.get("/livez")
    assert answer.status_code == 200
    assert answer.json() == {"status": "alive"}


async def test_the_front_is_the_one_trusted_hop(front: httpx.AsyncClient) -> None:
    forged = {
        "Host": "complaints.example",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Host": "evil.example",
        "X-Real-IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
    }
    said = (await front.get("/intake/status", headers=forged)).text.splitlines()
    assert "X-Forwarded-For: 127.0.0.1" in said
    assert "Host: complaints.example" in said
    assert not [line for line in said if "203.0.113.9" in line or "evil" in line]


@asynccontextmanager
async def behind_a_proxy(
    echoes: dict[str, tuple[Echo, int]], folder: Path
) -> AsyncIterator[tuple[httpx.AsyncClient, int]]:
    """A front that believes this machine's X-Forwarded-For, and its port."""
    try:
        nginx()
    except MissingError as error:
        missing_is(error)
    places = {name: f"127.0.0.1:{port}" for name, (_, port) in echoes.items()}
    one = Front(folder / "front", free_port(), places, folder / "logs", behind="127.0.0.1")
    async with running(one) as client:
        yield client, one.port


async def test_of_a_proxy_before_the_front_the_address_it_saw_last_is_handed_on(
    echoes: dict[str, tuple[Echo, int]], tmp_path: Path
) -> None:
    async with behind_a_proxy(echoes, tmp_path) as (client, _):
        for told, handed_on in (
            ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
            ("2001:db8:1:2::5", "2001:db8:1:2::5"),
            ("nobody", "127.0.0.1"),
        ):
            said = await client.get("/intake/status", headers={"X-Forwarded-For": told})
            assert f"X-Forwarded-For: {handed_on}" in said.text.splitlines()
            assert "203.0.113.9" not in said.text


async def test_connections_are_counted_by_caller_and_an_ipv6_site_is_one(
    echoes: dict[str, tuple[Echo, int]], tmp_path: Path
) -> None:
    async with behind_a_proxy(echoes, tmp_path) as (client, port), AsyncExitStack() as stack:
        for n in range(MOST_CONNECTIONS):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
            writer.write(
                b"POST /mediation/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                b"X-Forwarded-For: 2001:db8:1:2:%x::5\r\n\r\n" % n
            )
            await writer.drain()

        async def status(address: str) -> int:
            asked = await client.get("/intake/status", headers={"X-Forwarded-For": address})
            return asked.status_code

        for _ in range(200):  # until nginx has read all these heads
            if await status("2001:db8:1:2:ffff::1") == 429:
                break
            await asyncio.sleep(0.05)
        assert await status("2001:db8:1:2::1") == 429
        assert (await status("2001:db8:1:3::1"), await status("192.0.2.1")) == (200, 200)
    assert echoes["mediation"][0].heard == []


async def test_what_is_too_large_is_refused_before_a_service_hears_of_it(
    front: httpx.AsyncClient, echoes: dict[str, tuple[Echo, int]]
) -> None:
    answer = await front.post("/notification/api/v1/letters", content=bytes(5_000_000))
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == 413
    assert echoes["notification"][0].heard == []


async def test_endless_heads_are_refused_before_a_service_hears_of_them(
    front: httpx.AsyncClient, echoes: dict[str, tuple[Echo, int]]
) -> None:
    one = await front.get("/intake/status", headers={"X-Long": "x" * 9000})
    many = {f"X-{n}": "x" * 6000 for n in range(6)}
    assert (one.status_code, (await front.get("/intake/status", headers=many)).status_code) == (
        431,
        431,
    )
    assert echoes["intake"][0].heard == []


async def test_a_service_that_is_away_is_said_in_a_sentence(
    nowhere: httpx.AsyncClient,
) -> None:
    page = await nowhere.get("/intake/complaints/new")
    problem = await nowhere.post("/intake/api/v1/complaints", json={})
    assert (page.status_code, problem.status_code) == (503, 503)
    assert "服务暂时无法访问" in page.text
    assert problem.json()["title"] == "暂时不能办理"
    assert problem.headers["retry-after"] == "5"


async def test_no_log_holds_what_was_searched_for_or_who_searched(
    nowhere: httpx.AsyncClient, tmp_path: Path
) -> None:
    found = await nowhere.get("/mediation/cases?q=张晓明")
    large = await nowhere.post("/analytics/api/v1/facts?q=张晓明", content=bytes(5_000_000))
    assert (found.status_code, large.status_code) == (503, 413)
    words = {file.name: file.read_text() for file in (tmp_path / "logs").iterdir()}
    assert '"path":"/mediation/cases","status":503' in words["front-requests.log"]
    for text in words.values():
        for secret in ("张晓明", quote("张晓明"), quote("张晓明").lower(), "q=", "client:"):
            assert secret not in text


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/", "/"),
        ("/intake/status", "/intake/status"),
        ("/mediation/cases/", "/mediation/cases"),
        ("/intake/api/v1/complaints", "/intake/api/v1/complaints"),
        ("/mediation/cases/王建国13812345678", "/mediation/cases/-"),
        ("/mediation/cases/13812345678", "/mediation/cases/-"),
        ("/mediation/cases/wangjianguo/notes", "/mediation/cases/-"),
        ("/mediation/api/v1/cases/王建国", "/mediation/api/v1/cases/-"),
        ("/mediation/王建国", "/mediation/-"),
        ("/mediation/13812345678/x", "/mediation/-"),
        ("/王建国", "-"),
        ("/13812345678/cases", "-"),
    ],
)
async def test_the_log_holds_no_name_that_was_typed_as_a_path(
    nowhere: httpx.AsyncClient, tmp_path: Path, path: str, logged: str
) -> None:
    await nowhere.get(path)
    log = tmp_path / "logs" / "front-requests.log"
    while not (line := log.read_text()):
        await asyncio.sleep(0.01)
    assert f'"path":"{logged}",' in line
    for secret in (quote("王建国"), "13812345678", "wangjianguo"):
        assert secret not in line


UPLOAD = "/notification/api/v1/letters"


@pytest.mark.parametrize(
    ("path", "status", "kind", "detail"),
    [
        ("/internal/api/words", 404, "about:blank", DETAILS[404]),
        (UPLOAD, 413, "about:blank", DETAILS[413].replace("{most}", "4 MB")),
        ("/intake/api/v1/complaints", 503, "UnavailableError", AWAY["zh"]),
    ],
)
async def test_the_fronts_problem_documents_are_those_of_the_house(
    nowhere: httpx.AsyncClient, path: str, status: int, kind: str, detail: str
) -> None:
    content = bytes(5_000_000) if path == UPLOAD else b"{}"
    answer = await nowhere.post(f"{path}?q=a", content=content)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.headers["content-language"] == "zh-CN"
    document = answer.json()
    assert list(document) == ["type", "title", "status", "detail", "instance", "errors"]
    assert document == {
        "type": kind,
        "title": TITLES[status],
        "status": status,
        "detail": detail,
        "instance": path,
        "errors": [],
    }
    english = await nowhere.post(path, content=content, headers={"Accept-Language": "en-GB"})
    assert english.headers["content-language"] == "en"
    wanted = AWAY["en"] if status == 503 else translated(DETAILS[status], "en")
    assert english.json() == document | {
        "title": translated(TITLES[status], "en"),
        "detail": wanted.replace("{most}", "4 MB"),
    }


@pytest.mark.parametrize(
    ("query", "headers", "language"),
    [
        ("", {}, "zh-CN"),
        ("", {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh-CN"),
        ("", {"Accept-Language": "en-US,en;q=0.9,zh;q=0.8"}, "en"),
        ("", {"Accept-Language": "fr, en;q=0.5"}, "en"),
        ("", {"Accept-Language": "fr, zh, en"}, "zh-CN"),
        ("", {"Accept-Language": "fr"}, "zh-CN"),
        ("", {"Accept-Language": "en", "Cookie": "lang=zh"}, "zh-CN"),
        ("?lang=en", {"Accept-Language": "zh", "Cookie": "lang=zh"}, "en"),
    ],
)
async def test_a_problem_of_the_front_is_said_in_the_language_the_caller_wants(
    nowhere: httpx.AsyncClient, query: str, headers: dict[str, str], language: str
) -> None:
    answer = await nowhere.get(f"/api/{query}", headers=headers)
    assert (answer.status_code, answer.headers["content-language"]) == (404, language)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [9_000, 70_000])
async def test_headers_that_are_too_long_are_answered_in_words(
    nowhere: httpx.AsyncClient, size: int, language: Language
) -> None:
    headers = {"Accept-Language": language, "X-Long": "x" * size}
    answer = await nowhere.get("/intake/api/v1/status", headers=headers)
    assert answer.status_code == 431
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json() == {
        "type": "about:blank",
        "title": translated(TITLES[431], language),
        "status": 431,
        "detail": translated(DETAILS[431], language),
        "instance": "/intake/api/v1/status",
        "errors": [],
    }
    page = await nowhere.get("/intake/status", headers=headers)
    assert page.status_code == 431
    assert "请清除本网站的 Cookie 后再试。" in page.text


async def test_an_address_that_is_too_long_is_answered_with_a_page(
    nowhere: httpx.AsyncClient,
) -> None:
    answer = await nowhere.get("/intake/api/" + "x" * 9_000)
    assert answer.status_code == 414
    assert answer.headers["content-type"].startswith("text/html")
    assert "请缩短网址" in answer.text


@pytest.mark.parametrize(
    ("path", "instance"),
    [("/api/a\\b", "/"), ("/api/%E5%BC%A0%22", "/api/%E5%BC%A0%22")],
)
async def test_no_path_breaks_the_document(
    nowhere: httpx.AsyncClient, path: str, instance: str
) -> None:
    url = httpx.URL(str(nowhere.base_url)).copy_with(raw_path=path.encode())
    answer = await nowhere.get(url)
    assert (answer.status_code, answer.json()["instance"]) == (404, instance)


def test_the_error_log_is_the_same_in_compose() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    front = compose["services"]["front"]
    assert f"./{FRAME.relative_to(ROOT)}:/etc/nginx/nginx.conf:ro" in front["volumes"]
    assert "command" not in front
    assert "error_log stderr alert;" in FRAME.read_text().partition("http {")[2]
    assert "error_log" not in TEMPLATE.read_text()


def test_compose_fills_in_every_name_of_the_same_template() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    front = compose["services"]["front"]
    assert set(front["environment"]) == names()
    mounted = [str(one).split(":")[0] for one in front["volumes"]]
    assert f"./{TEMPLATE.relative_to(ROOT)}" in mounted
