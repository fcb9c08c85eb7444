"""Second factors, sessions people can see, tokens for scripts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NEW = ("subjects", "recovery_codes", "second_factors", "recoveries", "api_tokens")


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    # Whoever was logged in logs in once more: where and with what is not known of old sessions.
    op.drop_table("sessions")
    op.create_table(
        "sessions",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", instant, nullable=False),
        sa.Column("seen_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_sessions"),
        sa.UniqueConstraint("id", name="uq_sessions_id"),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_index("ix_sessions_staff_id", "sessions", ["staff_id"])
    op.create_table(
        "second_factors",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("confirmed_at", instant, nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_second_factors"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_second_factors_staff_id"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "code", name="pk_recovery_codes"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_recovery_codes_staff_id"),
    )
    op.create_table(
        "recoveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", instant, nullable=True),
        sa.Column("told_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_recoveries"),
        *(
            sa.ForeignKeyConstraint([one], ["staff.id"], name=f"fk_recoveries_{one}")
            for one in ("staff_id", "asked_by", "approved_by")
        ),
    )
    op.create_index("ix_recoveries_staff_id", "recoveries", ["staff_id"])
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("jti", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("seen_at", instant, nullable=True),
        sa.Column("ended_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("jti", name="uq_api_tokens_jti"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_api_tokens_staff_id"),
    )
    op.create_index("ix_api_tokens_staff_id", "api_tokens", ["staff_id"])
    op.create_table(
        "subjects",
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_subjects"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_subjects_staff_id"),
    )
    op.create_index("ix_subjects_staff_id", "subjects", ["staff_id"])


def downgrade() -> None:
    for name in NEW:
        op.drop_table(name)
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_constraint("uq_sessions_id", type_="unique")
        for column in ("id", "seen_at", "device", "network", "address"):
            sessions.drop_column(column)
