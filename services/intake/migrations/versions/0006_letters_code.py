"""Codes that open letters: where they go, when, and how often they were tried."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mailed_codes") as codes:
        codes.add_column(sa.Column("to_mac", sa.LargeBinary(), nullable=True))
        codes.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        codes.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        codes.create_index("ix_mailed_codes_due_at", ["due_at"])
        codes.create_index("ix_mailed_codes_to_mac_mailed_at", ["to_mac", "mailed_at"])


def downgrade() -> None:
    with op.batch_alter_table("mailed_codes") as codes:
        codes.drop_index("ix_mailed_codes_to_mac_mailed_at")
        codes.drop_index("ix_mailed_codes_due_at")
        for column in ("tries", "due_at", "to_mac"):
            codes.drop_column(column)
