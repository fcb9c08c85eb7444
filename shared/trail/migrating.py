"""The trail's tables in a migration: the same in every service."""

from typing import Any

import sqlalchemy as sa

INSTANT = sa.DateTime(timezone=True)


def trail_tables(op: Any) -> None:
    """Create the log and the heads of its chains."""
    op.create_table(
        "audit_log",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("doer_kind", sa.Text(), nullable=False),
        sa.Column("doer", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("for_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "seq", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_id", "audit_log", ["id"])
    op.create_index("ix_audit_log_doer", "audit_log", ["doer", "id"])
    op.create_index("ix_audit_log_action", "audit_log", ["action", "id"])
    op.create_table(
        "audit_heads",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_audit_heads"),
    )


def drop_trail_tables(op: Any) -> None:
    """The way back of `trail_tables`."""
    op.drop_table("audit_heads")
    op.drop_table("audit_log")


def filter_indexes(op: Any) -> None:
    """Create the indexes along which rows of one kind, and those for one person, are found."""
    op.create_index("ix_audit_log_kind", "audit_log", ["kind", "id"])
    op.create_index(
        "ix_audit_log_for_id",
        "audit_log",
        ["for_id", "id"],
        postgresql_where=sa.text("for_id IS NOT NULL"),
        sqlite_where=sa.text("for_id IS NOT NULL"),
    )


def drop_filter_indexes(op: Any) -> None:
    """The way back of `filter_indexes`."""
    for name in ("ix_audit_log_for_id", "ix_audit_log_kind"):
        op.drop_index(name, "audit_log")


def checkpoint_table(op: Any) -> None:
    """Create the checkpoints; mediation has had them from the start."""
    op.create_table(
        "log_checkpoints",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Uuid(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_log_checkpoints"),
    )
