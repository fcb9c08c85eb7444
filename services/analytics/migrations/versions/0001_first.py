"""Analytics keeps its facts in a file of its own; the database holds dead letters."""

from alembic import op

from shared.runtime.migrate import drop_messaging_tables, messaging_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    messaging_tables(op)


def downgrade() -> None:
    drop_messaging_tables(op)
