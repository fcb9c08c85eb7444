"""Closed cases are found by what decides how long they are kept, and by their last day."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COLUMNS = ["body", "kind", "pack", "outcome", "closed_on", "id"]
CLOSED = sa.text("closed_on IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_cases_closed", "cases", COLUMNS, postgresql_where=CLOSED, sqlite_where=CLOSED
    )


def downgrade() -> None:
    op.drop_index("ix_cases_closed", "cases")
