"""How long things are kept, holds, erasure."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "retention_periods",
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("body", "code", name="pk_retention_periods"),
    )
    op.create_table(
        "retention_due",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("listed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_retention_due"),
    )
    op.create_index(
        "ix_retention_due_body_due_on", "retention_due", ["body", "due_on", "case_id"]
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )
    op.create_index("ix_holds_case_id", "holds", ["case_id"])
    op.create_index("ix_holds_body", "holds", ["body"])
    op.create_table(
        "privacy_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=True),
        sa.Column("cases", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decision", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_privacy_requests"),
    )
    op.create_index("ix_privacy_requests_body", "privacy_requests", ["body", "id"])
    op.create_index("ix_privacy_requests_state", "privacy_requests", ["state", "id"])
    op.create_table(
        "erasures",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("request", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("approved_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("case_id", name="pk_erasures"),
    )
    op.create_index("ix_erasures_sent_at", "erasures", ["sent_at", "case_id"])
    op.create_table(
        "copy_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_copy_parts"),
        sa.UniqueConstraint("request", "place", name="uq_copy_parts_request_place"),
    )
    op.create_index("ix_copy_parts_until", "copy_parts", ["until"])
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("assessor", sa.Uuid(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assessments"),
        sa.UniqueConstraint(
            "body", "purpose", "version", name="uq_assessments_body_purpose_version"
        ),
    )


def downgrade() -> None:
    for table in (
        "assessments",
        "copy_parts",
        "erasures",
        "privacy_requests",
        "holds",
        "retention_due",
        "retention_periods",
    ):
        op.drop_table(table)
