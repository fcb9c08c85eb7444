"""(a) What PostgreSQL alone does with the same rows: pgbench on a copy of intake's tables."""

import subprocess
from pathlib import Path
from typing import Any

import asyncpg

from deploy.bench.creating import CLIENTS
from deploy.bench.pgbench import Bench, Result, program
from deploy.bench.rows import Sample, sample, script
from deploy.bench.run import Run
from deploy.bench.stage import CommandFailedError, Stage
from deploy.cluster.layout import Layout, Ports
from deploy.cluster.machine import Machine
from deploy.postgres.programs import programs

COPY = "bench"


async def raw_inserts(run: Run, stage: Stage) -> dict[int, Result]:
    """Rows per second at each number of clients, while all services run."""
    administrator = administrator_of(stage.data)
    samples = await samples_of(stage.database("intake"))
    await copy_tables(administrator, [one.table for one in samples])
    folder = run.plan.folder / "pgbench"
    folder.mkdir(exist_ok=True)
    file = folder / "complaint.sql"
    file.write_text(script(samples))
    bench = Bench(program(programs()), with_database(administrator, COPY), file)
    found = {}
    for clients in CLIENTS:
        told = run.told(f"pgbench {clients}")
        found[clients] = bench.run(clients, max(1, int(run.plan.seconds)))
        told(1.0)
    return found


def administrator_of(data: Path) -> str:
    """The administrator's address of a cluster's PostgreSQL; holds the password."""
    layout = Layout(data.absolute())
    ports = Ports.read(layout.ports)
    assert ports is not None  # noqa: S101 - it is running
    return Machine(layout, ports).postgres.url


def with_database(url: str, name: str) -> str:
    return url.rpartition("/")[0] + "/" + name


async def samples_of(intake: str) -> list[Sample]:
    """The newest complaint with the event of it, as intake wrote them."""
    connection = await asyncpg.connect(intake)
    try:
        complaint = await connection.fetchrow(
            "SELECT * FROM complaints ORDER BY registered_at DESC LIMIT 1"
        )
        if complaint is None:
            raise CommandFailedError("there is no complaint to take the form of")
        return [
            await sample(connection, "complaints", dict(complaint)),
            await sample(connection, "outbox", event_of(complaint)),
        ]
    finally:
        await connection.close()


def event_of(complaint: asyncpg.Record) -> dict[str, Any]:
    """An outbox row as large as the one this complaint had; that one is gone when it is sent."""
    return {
        "sequence": 0,
        "id": complaint["id"],
        "aggregatetype": "intake",
        "aggregateid": str(complaint["id"]),
        "type": "intake.complaint_received.v1",
        "payload": b"x" * EVENT_BYTES,
        "recorded_at": complaint["registered_at"],
    }


EVENT_BYTES = 700
"""About what a received complaint takes as CloudEvents JSON."""


async def copy_tables(administrator: str, tables: list[str]) -> None:
    """The same empty tables with the same indexes, in a database that nobody else uses."""
    definitions = dump(with_database(administrator, "intake"), tables)
    connection = await asyncpg.connect(administrator)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{COPY}"')
        await connection.execute(f'CREATE DATABASE "{COPY}"')
    finally:
        await connection.close()
    copy = await asyncpg.connect(with_database(administrator, COPY))
    try:
        await copy.execute(definitions)
    finally:
        await copy.close()


def dump(url: str, tables: list[str]) -> str:
    """The definitions of these tables, by pg_dump."""
    user, _, password = url.partition("://")[2].partition("@")[0].partition(":")
    place = url.rpartition("@")[2]
    chosen = [f"--table={name}" for name in tables]
    done = subprocess.run(  # noqa: S603 - the arguments are our own
        [
            *(str(programs() / "pg_dump"), "--schema-only", "--no-owner", "--no-privileges"),
            *(*chosen, f"postgresql://{place}"),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={"PGUSER": user, "PGPASSWORD": password},
    )
    if done.returncode:
        raise CommandFailedError(f"pg_dump: {done.stderr[-500:]}")
    return "\n".join(line for line in done.stdout.splitlines() if not line.startswith("\\"))
