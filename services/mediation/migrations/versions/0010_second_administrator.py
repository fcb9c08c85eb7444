"""Roles that wait for a second administrator, and when somebody last proved who they are."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "role_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_role_requests"),
        *(
            sa.ForeignKeyConstraint([one], ["staff.id"], name=f"fk_role_requests_{one}")
            for one in ("staff_id", "asked_by", "decided_by")
        ),
    )
    op.create_index("ix_role_requests_staff_id", "role_requests", ["staff_id"])
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("proved_at", INSTANT, nullable=True))
    op.execute("UPDATE sessions SET proved_at = begun_at")
    with op.batch_alter_table("sessions") as sessions:
        sessions.alter_column("proved_at", existing_type=INSTANT, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("proved_at")
    op.drop_table("role_requests")
