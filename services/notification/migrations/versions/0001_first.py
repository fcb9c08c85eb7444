"""Letters, their files and attempts, document numbers, and what was said."""

import sqlalchemy as sa
from alembic import op

from shared.runtime.migrate import drop_messaging_tables, messaging_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    messaging_tables(op)
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("forwarded_on", sa.Date(), nullable=False),
        sa.Column("reply_due", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("lacking", sa.Text()),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("case_number", sa.Text()),
        sa.Column("facts", sa.LargeBinary()),
        sa.Column("made_at", sa.DateTime(timezone=True)),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("way", sa.Text()),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sa.UniqueConstraint("case_id", "kind", "serial", name="uq_letters_case_id_kind_serial"),
        sa.UniqueConstraint("body", "kind", "year", "number", name="uq_letters_body_kind_year_number"),
    )
    op.create_index("ix_letters_state_due_at", "letters", ["state", "due_at"])
    op.create_index("ix_letters_body_state", "letters", ["body", "state", "id"])
    op.create_index("ix_letters_document_number", "letters", ["document_number"])
    op.create_index("ix_letters_complaint_id", "letters", ["complaint_id"])
    op.create_table(
        "letter_files",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("letter_id", name="pk_letter_files"),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name="fk_letter_files_letter_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "attempts",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text()),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text()),
        sa.Column("actor", sa.Uuid()),
        sa.PrimaryKeyConstraint("letter_id", "place", name="pk_attempts"),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name="fk_attempts_letter_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "document_numbers",
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("body", "kind", "year", name="pk_document_numbers"),
    )
    op.create_table(
        "spoken",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("complaint_id", name="pk_spoken"),
    )


def downgrade() -> None:
    for table in ("spoken", "document_numbers", "attempts", "letter_files", "letters"):
        op.drop_table(table)
    drop_messaging_tables(op)
