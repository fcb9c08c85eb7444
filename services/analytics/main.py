"""Analytics, put together."""

from fastapi import FastAPI

from services.analytics.consumers import subscriptions_of
from services.analytics.following import Following
from services.analytics.internal import internal_router
from services.analytics.pages import Pages
from services.analytics.routes import FigureApi
from services.analytics.settings import AnalyticsSettings
from services.analytics.store import FactsFile, FactsStore, schema
from services.analytics.tables import Base
from services.analytics.use_cases import follow
from shared.messaging.bus import EventLog
from shared.runtime.service import Around, Facts, Service
from shared.work import Database


def build(around: Around) -> Service:
    """Analytics among its sisters."""
    settings = AnalyticsSettings()
    path = settings.facts or around.common.data / "facts.duckdb"
    store = FactsStore(FactsFile(path, settings.memory_limit, settings.threads))
    following = Following(store)
    bodies = around.common.organisations

    async def read_on(database: Database, log: EventLog) -> int:
        return await follow(following, database, log)

    async def status(database: Database) -> Facts:
        return await status_of(following)

    return Service(
        name="analytics",
        tables=Base.metadata,
        subscriptions=subscriptions_of(store),
        settings=[settings],
        routers=[FigureApi(following, bodies).router(), Pages(following, bodies).router()],
        internal=[internal_router(following)],
        follow=read_on,
        life=store.opened,
        closing=[store.end],
        status=status,
    )


async def status_of(following: Following) -> Facts:
    """What `redress status` shows of the facts."""
    as_of = await following.as_of()
    return {
        "lag": following.lag,
        "positions": await following.store.positions(),
        "complaints": await following.store.complaints(),
        "rebuilding": following.rebuilding,
        "as_of": as_of.isoformat() if as_of else None,
        "facts_schema": schema.NUMBER,
    }


def app() -> FastAPI:
    """Analytics alone, for a server of its own."""
    from shared.runtime.distributed import serve  # noqa: PLC0415 - Kafka only where it is used

    return serve("analytics", build, AnalyticsSettings())
