"""Reporters in a store of their own, retention, erasure."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
REPORTER_HERE = sa.text("kind = 'report' AND complainant IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "reporters",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("complaint_id", name="pk_reporters"),
    )
    op.create_table(
        "erased",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("erased_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("complaint_id", name="pk_erased"),
        sa.UniqueConstraint("mark", name="uq_erased_mark"),
    )
    op.create_table(
        "erased_files",
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("stored", name="pk_erased_files"),
    )
    op.create_index(
        "ix_complaints_reporters_here",
        "complaints",
        ["id"],
        postgresql_where=REPORTER_HERE,
        sqlite_where=REPORTER_HERE,
    )


def downgrade() -> None:
    op.drop_index("ix_complaints_reporters_here", "complaints")
    op.drop_table("erased_files")
    op.drop_table("erased")
    op.drop_table("reporters")
