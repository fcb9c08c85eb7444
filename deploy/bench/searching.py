"""(g) The search: how fast texts get their tokens, and words are found; nothing else runs."""

import asyncio
import math
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import asyncpg
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from deploy.bench.goals import Goal
from deploy.bench.run import Run
from deploy.bench.searched import fill
from deploy.bench.statistics import percentile
from deploy.bench.texts import Writer, spread
from deploy.postgres.server import Server
from deploy.processes import end, free_port, start, wait_for_ports
from services.mediation.domain.tokens import ways_asked
from services.mediation.steps import index_texts
from services.mediation.use_cases.desk import PAGE, Filters
from services.mediation.use_cases.finding import counted_page, find_cases
from services.mediation.use_cases.searching.generations import Generation, answering, generations
from services.mediation.use_cases.searching.spans import Span
from shared.clock import system_clock
from shared.database import is_away, open_engine
from shared.runtime.migrate import migrate
from shared.vault import new_vault
from shared.work import Database

SEED = 4
WORDS, TIMES = 120, 3
MAIN = Filters(("main",))
RARE = 0.01
"""The share of complaints up to which a word is to be found quickly."""


@dataclass
class Searching:
    """What was measured; times in milliseconds."""

    texts: int
    filled: float = math.nan
    """Seconds until all cases and sealed texts were there."""
    indexed: float = math.nan
    """Seconds until all had their tokens."""
    size: int = 0
    """Bytes of the tokens with their index."""
    found: dict[str, list[tuple[float, float, float]]] = field(default_factory=dict)
    """For each word: its share of the complaints, a page of the API, a page of the desk."""

    @property
    def rate(self) -> float:
        """Texts per second that got their tokens."""
        return self.texts / self.indexed

    @property
    def goals(self) -> list[Goal]:
        """A word in less than 1 % of the complaints is found in less than 50 ms."""
        rare = [one for one in self.all if one[0] < RARE]
        page, desk = (percentile(sorted(one[at] for one in rare), 0.95) for at in (1, 2))
        return goals_of_searching(self.texts, page, desk)

    @property
    def all(self) -> list[tuple[float, float, float]]:
        return [one for several in self.found.values() for one in several]


def goals_of_searching(texts: int, page: float, desk: float) -> list[Goal]:
    """How long a word in less than 1 % of so many complaints may take: a page, and with a count."""
    name = f"search, word in < 1 % of {texts:,}" if texts else "search"
    return [
        Goal(f"{name}, a page of hits, p95", page, 50, "below", "ms"),
        Goal(f"{name}, the desk with a count up to 1,000, p95", desk, 50, "below", "ms"),
    ]


async def searching(run: Run) -> Searching:
    """All of it, on a PostgreSQL of its own."""
    done = Searching(run.plan.complaints)
    writer = Writer(SEED)
    async with mediation(run) as database:
        while await index_texts(database):  # an installation has its table from its first second
            pass
        told = run.told(f"{done.texts:,} texts")
        began = time.perf_counter()
        await fill(database, writer, done.texts, told)
        done.filled = time.perf_counter() - began
        await index_all(run, database, done)
        generation = await maintained(database, done)
        told = run.told("searches")
        asked = queries(writer)
        for at, q in enumerate(asked):
            done.found[q] = await looked_for(database, generation, q, done.texts)
            told((at + 1) / len(asked))
    return done


@asynccontextmanager
async def mediation(run: Run) -> AsyncGenerator[Database]:
    """Mediation's tables in an empty database; the server writes to disk as in earnest."""
    folder = run.plan.folder / "search"
    server = Server(folder, free_port(), folder.with_suffix(".log"), throw_away=True)
    await asyncio.to_thread(server.make)
    running = start(server.program())
    try:
        wait_for_ports("PostgreSQL", [server.port], [running])
        url = server.url.replace("postgresql:", "postgresql+asyncpg:")
        database = Database(open_engine(url), system_clock, new_vault())
        await when_up(database)
        await migrate(database.engine, "mediation")
        yield database
        await database.close()
    finally:
        end(running, server.program())


async def when_up(database: Database) -> None:
    """Return when the server takes questions; it opens its port a little earlier."""
    while True:
        try:
            async with database.reading() as session:
                await session.execute(text("SELECT 1"))
        except (DBAPIError, asyncpg.CannotConnectNowError) as error:
            if not is_away(error):
                raise
            await asyncio.sleep(0.1)
        else:
            return


async def index_all(run: Run, database: Database, done: Searching) -> None:
    """The step, as often as it finds something to do."""
    told, indexed = run.told("tokens"), 0
    began = time.perf_counter()
    while some := await index_texts(database):
        indexed += some
        told(min(indexed / done.texts, 1.0))
    done.indexed = time.perf_counter() - began


async def maintained(database: Database, done: Searching) -> Generation:
    """As a database is that has run for a while; the table that answers."""
    async with database.engine.connect() as connection:
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text("VACUUM ANALYZE"))
    async with database.reading() as session:
        generation = answering(await generations(session), database.vault)
        assert generation is not None  # noqa: S101 - everything has its tokens
        sized = text(f"SELECT pg_total_relation_size('search_tokens_{generation.place}')")
        done.size = await session.scalar(sized) or 0
    return generation


def queries(writer: Writer) -> list[str]:
    """Words from the most to the least used, and every fifth of them with one that is common."""
    words = spread(writer.words, WORDS)
    return [*words, *(f"{word} {words[0]}" for word in words[4::5])]


async def looked_for(
    database: Database, generation: Generation, q: str, texts: int
) -> list[tuple[float, float, float]]:
    """The share of complaints that a search finds; how long pages of it take, several times."""
    share = await candidates(database, generation, q) / texts
    filters, took = replace(MAIN, q=q), []
    for _ in range(TIMES):
        began = time.perf_counter()
        await find_cases(database, filters, None, PAGE)
        between = time.perf_counter()
        async with database.reading() as session:
            await counted_page(session, database.vault, filters, None, PAGE)
        ended = time.perf_counter()
        took.append((share, (between - began) * 1000, (ended - between) * 1000))
    return took


async def candidates(database: Database, generation: Generation, q: str) -> int:
    """How many complaints have the tokens of a search."""
    ways = ways_asked(generation.key(database.vault), q.split())
    async with database.reading() as session:
        everything = Span(1 << 62)
        near = generation.store(session).found(ways, everything, 1 << 31).subquery()
        return await session.scalar(select(func.count()).select_from(near)) or 0
