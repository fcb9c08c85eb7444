"""Cases with their log, sealed words and blind indexes; staff; the calendar, seeded."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.mediation.domain.calendar import CalendarDay, DayKind, calendar_of
from shared.runtime.migrate import drop_messaging_tables, messaging_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SHIPPED = range(2004, 2028)
"""The years whose files come with this revision: confirmed to 2026, 2027 by rule alone."""
FILES = Path(__file__).parents[2] / "calendar"
TABLES = (
    "words_wanted",
    "staff",
    "sessions",
    "login_failures",
    "log_checkpoints",
    "heard",
    "forwardings",
    "cases",
    "case_words",
    "case_lookups",
    "case_log",
    "calendar_versions",
    "calendar_days",
    "amendments",
)


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    messaging_tables(op)
    op.create_table(
        "amendments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("changes", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("pushed_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_amendments"),
    )
    op.create_index("ix_amendments_pushed_at", "amendments", ["pushed_at", "id"])
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("festival", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_calendar_days"),
    )
    op.create_table(
        "calendar_versions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("recorded_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_calendar_versions"),
    )
    op.create_table(
        "case_log",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", name="pk_case_log"),
    )
    op.create_index("ix_case_log_id", "case_log", ["id"])
    op.create_table(
        "case_lookups",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "token", "case_id", name="pk_case_lookups"),
    )
    op.create_index("ix_case_lookups_case_id", "case_lookups", ["case_id"])
    op.create_table(
        "case_words",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("fetched_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_words"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_at", instant, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("nature", sa.Text(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("respondent_known", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Integer(), nullable=False),
        sa.Column("assignee", sa.Uuid(), nullable=True),
        sa.Column("clocks", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_for", sa.Text(), nullable=True),
        sa.Column("due_status", sa.Text(), nullable=True),
        sa.Column("queue_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("forwarded_on", sa.Date(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("recovered_fen", sa.BigInteger(), nullable=True),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", instant, nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("complaint_id", name="uq_cases_complaint_id"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
    )
    op.create_index(
        "ix_cases_assignee",
        "cases",
        ["assignee", "queue_on", "id"],
        postgresql_where=sa.text("assignee IS NOT NULL"),
        sqlite_where=sa.text("assignee IS NOT NULL"),
    )
    op.create_index("ix_cases_body_queue_on", "cases", ["body", "queue_on", "id"])
    op.create_index("ix_cases_body_state", "cases", ["body", "state", "queue_on", "id"])
    op.create_table(
        "forwardings",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("forwarded_on", sa.Date(), nullable=False),
        sa.Column("reply_due", sa.Date(), nullable=False),
        sa.Column("mediator", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "serial", name="pk_forwardings"),
    )
    op.create_table(
        "heard",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_heard"),
    )
    op.create_index("ix_heard_case_id", "heard", ["case_id"])
    op.create_table(
        "log_checkpoints",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Uuid(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_log_checkpoints"),
    )
    op.create_table(
        "login_failures",
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_login_failures"),
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_sessions"),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_index("ix_sessions_staff_id", "sessions", ["staff_id"])
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("display", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("ended_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("name", name="uq_staff_name"),
    )
    op.create_table(
        "words_wanted",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_words_wanted"),
    )
    seed_calendar()


def seed_calendar() -> None:
    rows = [row for year in SHIPPED for row in rows_of(FILES / f"{year}.csv")]
    named: list[CalendarDay] = [
        CalendarDay(
            row["day"], DayKind(row["kind"]), row["festival"], row["source"], row["confirmed"]
        )
        for row in rows
    ]
    days = sa.table(
        "calendar_days",
        sa.column("day", sa.Date()),
        sa.column("kind", sa.Text()),
        sa.column("festival", sa.Text()),
        sa.column("source", sa.Text()),
        sa.column("confirmed", sa.Boolean()),
    )
    op.bulk_insert(days, rows)
    versions = sa.table(
        "calendar_versions",
        sa.column("number", sa.Integer()),
        sa.column("version", sa.Text()),
        sa.column("recorded_at", sa.DateTime(timezone=True)),
    )
    first = {"number": 1, "version": calendar_of(named).version, "recorded_at": datetime.now(UTC)}
    op.bulk_insert(versions, [first])


def rows_of(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            {
                "day": date.fromisoformat(row["date"]),
                "kind": row["kind"],
                "festival": row["festival"],
                "source": row["source"],
                "confirmed": row["confirmed"] == "yes",
            }
            for row in csv.DictReader(lines)
        ]


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    drop_messaging_tables(op)
