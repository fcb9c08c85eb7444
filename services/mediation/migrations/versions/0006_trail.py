"""The trail of everything that is no step of a case.

Checkpoints are set anew from the first log row on: those until now covered the case log alone, and
with it the cases of the demonstration, which may be removed.
"""

from alembic import op

from shared.trail.migrating import drop_trail_tables, trail_tables

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    trail_tables(op)
    op.execute("DELETE FROM log_checkpoints")


def downgrade() -> None:
    op.execute("DELETE FROM log_checkpoints")
    drop_trail_tables(op)
