"""Every setting that names a server, and what calls there; the world's sockets, watched."""

import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from sqlalchemy import make_url, text

from deploy.postgres import databases
from services.intake.scanner import Clamd
from services.intake.settings import IntakeSettings
from services.intake.storage import storage_of
from services.mediation.main import provider_of
from services.mediation.settings import MediationSettings
from services.notification.mailers import mailer_of
from services.notification.settings import NotificationSettings
from services.notification.texting import Text, texter_of
from shared.clock import system_clock
from shared.database import open_engine, setting_of
from shared.hot import Hot, open_pool
from shared.ids import uuid7
from shared.runtime.distributed import around_of
from shared.runtime.kafka.clients import Following, Listening, Speaking
from shared.runtime.kafka.topics import create_topics, partitions_of
from shared.settings import CommonSettings
from shared.vault import new_vault
from shared.work import Database
from tests.notification.test_mailers import MAIL

PORT = 1
"""Nobody listens there."""
HIDDEN = "what-no-error-tells"
Call = Callable[[str], Awaitable[object]]


def sister(name: str) -> Call:
    async def call(host: str) -> None:
        told: dict[str, Any] = {f"{name}_url": f"http://{host}:{PORT}"}
        around = around_of(CommonSettings(**told), new_vault(), "console", nobody)
        async with around.client_of(name) as client:
            await client.get("/")

    return call


def nobody() -> Any:
    raise AssertionError("The console is no service.")


def url_at(host: str) -> str:
    return f"postgresql+asyncpg://somebody@{host}:{PORT}/name?password={HIDDEN}"


def database(service: str) -> Call:
    async def call(host: str) -> None:
        engine = open_engine(url_at(host), setting_of(service))
        try:
            async with engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        finally:
            await engine.dispose()

    return call


async def pool(host: str) -> None:
    await open_pool(make_url(url_at(host)))


async def leader(host: str) -> None:
    engine = open_engine(url_at(host))
    await Hot(Database(engine, system_clock, new_vault())).oldest(1)


async def administrator(host: str) -> None:
    await databases.existing(f"postgresql://postgres@{host}:{PORT}/postgres?password={HIDDEN}")


@asynccontextmanager
async def closing(one: Any) -> AsyncGenerator[Any]:
    try:
        yield one
    finally:
        await one.close()


async def speaking(host: str) -> None:
    async with closing(Speaking(f"{host}:{PORT}")) as bus:
        await bus.publish([])


async def listening(host: str) -> None:
    async with closing(Listening(f"{host}:{PORT}", "intake", frozenset({"t"}))) as source:
        await source.poll()


async def following(host: str) -> None:
    async with closing(Following(f"{host}:{PORT}")) as log:
        await log.ends()


async def topics(host: str) -> None:
    await create_topics(CommonSettings(kafka_servers=f"{host}:{PORT}"))


async def partitions(host: str) -> None:
    await partitions_of(f"{host}:{PORT}")


async def store(host: str) -> None:
    told = IntakeSettings(
        s3_endpoint=f"{host}:{PORT}", s3_secure=False, s3_access_key="a", s3_secret_key="b"
    )
    await storage_of(told, CommonSettings()).put("ab12", b"sealed")


async def scanner(host: str) -> None:
    await Clamd(f"{host}:{PORT}", 1.0).scan(b"words")


async def provider(host: str) -> None:
    told = MediationSettings(oidc_issuer=f"https://{host}:{PORT}", oidc_client="redress")
    await provider_of(told).address({})


async def mail(host: str) -> None:
    told = NotificationSettings(smtp_host=host, smtp_port=PORT, smtp_from="a@example.invalid")
    await mailer_of(told).send(MAIL)


async def message(host: str) -> None:
    told = NotificationSettings(sms_url=f"http://{host}:{PORT}/sms")
    await texter_of(told).send(Text(uuid7(), "13800000000", "words"))


KAFKA, POSTGRES = "REDRESS_KAFKA_SERVERS", "INTAKE_DATABASE_URL"
CALLS: list[tuple[str, Call]] = [
    ("REDRESS_INTAKE_URL", sister("intake")),
    ("REDRESS_MEDIATION_URL", sister("mediation")),
    ("REDRESS_NOTIFICATION_URL", sister("notification")),
    ("REDRESS_ANALYTICS_URL", sister("analytics")),
    *((KAFKA, one) for one in (speaking, listening, following, topics, partitions)),
    (POSTGRES, database("intake")),
    (POSTGRES, pool),
    (POSTGRES, leader),
    ("MEDIATION_DATABASE_URL", database("mediation")),
    ("NOTIFICATION_DATABASE_URL", database("notification")),
    ("ANALYTICS_DATABASE_URL", database("analytics")),
    ("POSTGRES_ADMIN_URL", administrator),
    ("INTAKE_S3_ENDPOINT", store),
    ("INTAKE_CLAMD", scanner),
    ("MEDIATION_OIDC_ISSUER", provider),
    ("NOTIFICATION_SMTP_HOST", mail),
    ("NOTIFICATION_SMS_URL", message),
]
NAMED = [one for one in CALLS if one[0].endswith("_URL") and one[1] not in (pool, leader, message)]
NAMED += [one for one in CALLS if one[0] == KAFKA]
"""Those whose error tells the setting."""
NOT_CALLED = {
    "REDRESS_KEY_COMMAND", "REDRESS_PUBLIC_URL", "REDRESS_HOSTS", "REDRESS_BODIES",
    "REDRESS_METRICS_FROM", "REDRESS_LANGUAGE", "REDRESS_LOG_LEVEL", "INTAKE_S3_BUCKET",
    "INTAKE_S3_ACCESS_KEY", "MEDIATION_SECOND_FACTOR_ROLES", "MEDIATION_OIDC_NAME",
    "MEDIATION_OIDC_CLIENT", "MEDIATION_OIDC_SCOPES", "MEDIATION_OIDC_GROUPS",
    "NOTIFICATION_SMTP_SECURITY", "NOTIFICATION_SMTP_USER", "NOTIFICATION_SMTP_FROM",
    "NOTIFICATION_SMTP_BOUNCES", "NOTIFICATION_MORE_FONTS", "ANALYTICS_MEMORY_LIMIT",
}  # fmt: skip
"""Texts that name no server of ours to call."""


@contextmanager
def watched(patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The addresses that somebody tries to connect to; those off this machine do not answer."""
    tried: list[str] = []
    connect = socket.socket.connect

    def noted(one: socket.socket, address: Any) -> None:
        tried.append(address[0])
        if address[0] not in {"127.0.0.1", "::1"}:
            raise ConnectionRefusedError
        connect(one, address)

    patch.setattr(socket.socket, "connect", noted)
    yield tried


def answering(patch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """The world's resolver: each question gets the next of these answers; returns the questions."""
    left, asked = list(answers), list[str]()

    def resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(str(host))
        found = left.pop(0) if len(left) > 1 else left[0]
        family = socket.AF_INET6 if ":" in found else socket.AF_INET
        return [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (found, port))]

    patch.setattr(socket, "getaddrinfo", resolve)
    return asked
