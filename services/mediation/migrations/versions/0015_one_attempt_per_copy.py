"""A copy for a person is made by one process at a time: which attempt, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("privacy_requests") as table:
        table.add_column(sa.Column("attempt", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("attempt_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("privacy_requests") as table:
        table.drop_column("attempt_until")
        table.drop_column("attempt")
