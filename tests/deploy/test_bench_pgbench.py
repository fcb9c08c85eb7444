"""What pgbench says, and the script it is given."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from deploy.bench.pgbench import UnreadableError, parse, parse_log, program
from deploy.bench.rows import Sample, fresh, literal, script
from deploy.processes import MissingError

SAID = """pgbench (15.10 (Debian 15.10-0+deb12u1))
transaction type: complaint.sql
scaling factor: 1
query mode: prepared
number of clients: 8
number of threads: 2
maximum number of tries: 1
duration: 10 s
number of transactions actually processed: 57453
number of failed transactions: 2 (0.003%)
latency average = 1.392 ms
latency stddev = 0.611 ms
initial connection time = 18.224 ms
tps = 5745.310482 (without initial connection time)
"""


def test_the_summary_is_read() -> None:
    result = parse(SAID)
    assert (result.transactions, result.failed) == (57453, 2)
    assert (result.per_second, result.average) == (5745.310482, 1.392)


def test_a_summary_without_failures_is_read() -> None:
    kept = [line for line in SAID.splitlines() if "failed" not in line]
    assert parse("\n".join(kept)).failed == 0


def test_anything_else_is_said_to_be_unreadable() -> None:
    with pytest.raises(UnreadableError, match="connection refused"):
        parse("pgbench: error: connection refused")


def test_the_log_gives_sorted_milliseconds_and_leaves_out_failures() -> None:
    log = "0 1 1500 0 1700000000 12\n1 1 900 0 1700000000 13\n1 2 failed 0 1700000000 14\n"
    assert parse_log(log) == [0.9, 1.5]


def test_a_missing_pgbench_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingError, match="pgbench"):
        program(tmp_path)


def test_values_are_written_as_sql_without_colons() -> None:
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert [literal(one) for one in (None, True, 7, b"\x01\xff", "a'b:c\\d\ne")] == [
        "NULL",
        "True",
        "7",
        r"'\x01ff'::bytea",
        r"E'a''b\x3ac\\d\ne'",
    ]
    assert literal(noon) == r"E'2026-11-22 12\x3a00\x3a00+00\x3a00'"


def test_unique_values_differ_and_keep_their_size() -> None:
    assert fresh(UUID(int=1)) == "gen_random_uuid()"
    assert fresh(b"x" * 40) == "substr(decode(repeat(md5(random()::text), 3), 'hex'), 1, 40)"
    assert fresh("260101-ABCDEFGHI") == "substr(repeat(md5(random()::text), 1), 1, 16)"
    assert fresh("public") == "E'public'"


def test_a_script_is_one_transaction() -> None:
    rows = [
        Sample("complaints", {"id": UUID(int=1), "kind": "report"}, frozenset({"id"})),
        Sample("outbox", {"type": "x"}),
    ]
    assert script(rows).splitlines() == [
        "BEGIN;",
        """INSERT INTO "complaints" ("id", "kind") VALUES (gen_random_uuid(), E'report');""",
        """INSERT INTO "outbox" ("type") VALUES (E'x');""",
        "END;",
    ]
