"""The trail is filtered along indexes."""

from alembic import op

from shared.trail.migrating import drop_filter_indexes, filter_indexes

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    filter_indexes(op)


def downgrade() -> None:
    drop_filter_indexes(op)
