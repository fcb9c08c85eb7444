"""The trail of what was done here."""

from alembic import op

from shared.trail.migrating import checkpoint_table, drop_trail_tables, trail_tables

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    trail_tables(op)
    checkpoint_table(op)


def downgrade() -> None:
    op.drop_table("log_checkpoints")
    drop_trail_tables(op)
