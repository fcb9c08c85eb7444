"""The log and the cursors of the embedded bus."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "log",
        sa.Column("sequence", number, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_log"),
        sa.UniqueConstraint("event_id", name="uq_log_event_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_log_topic_sequence", "log", ["topic", "sequence"])
    op.create_table(
        "cursors",
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.Column("sequence", number, nullable=False),
        sa.PrimaryKeyConstraint("subscriber", name="pk_cursors"),
    )


def downgrade() -> None:
    op.drop_table("cursors")
    op.drop_table("log")
