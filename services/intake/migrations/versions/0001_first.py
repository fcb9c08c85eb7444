"""Complaints with their files; uploads of unfinished forms; what citizens may see of a case."""

import sqlalchemy as sa
from alembic import op

from shared.runtime.migrate import drop_messaging_tables, messaging_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    messaging_tables(op)
    complaints()
    attachments()
    uploads()
    op.create_table(
        "public_status",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("complaint_id", "speaker", "version", name="pk_public_status"),
    )
    op.create_table(
        "amendments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("applied_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_amendments"),
    )


def complaints() -> None:
    op.create_table(
        "complaints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=True),
        sa.Column("body_mac", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("registrar", sa.Uuid(), nullable=True),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("registered_at", INSTANT, nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("category_version", sa.Text(), nullable=True),
        sa.Column("nature", sa.Text(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("respondent_known", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("code_generation", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("complainant", sa.LargeBinary(), nullable=True),
        sa.Column("respondent", sa.LargeBinary(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_complaints"),
        sa.UniqueConstraint("number", name="uq_complaints_number"),
        sa.UniqueConstraint("caller", "key_hash", name="uq_complaints_caller_key_hash"),
    )


def attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name="fk_attachments_complaint_id"
        ),
        sa.UniqueConstraint("complaint_id", "digest", name="uq_attachments_complaint_id_digest"),
    )


def uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        sa.UniqueConstraint("form_hash", "digest", name="uq_uploads_form_hash_digest"),
    )
    op.create_index("ix_uploads_kept_at", "uploads", ["kept_at"])


def downgrade() -> None:
    for table in ("amendments", "public_status", "uploads", "attachments", "complaints"):
        op.drop_table(table)
    drop_messaging_tables(op)
