"""Which event a letter is owed for, and which event ended a case: what comes late owes nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "letters", sa.Column("version", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "endings",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("complaint_id", name="pk_endings"),
    )


def downgrade() -> None:
    op.drop_table("endings")
    op.drop_column("letters", "version")
