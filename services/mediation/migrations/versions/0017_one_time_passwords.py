"""One-time passwords are good for a week; those that were given before, from now on."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from shared.clock import system_clock

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
A_WEEK = timedelta(days=7)


def upgrade() -> None:
    op.add_column("staff", sa.Column("one_time_until", INSTANT, nullable=True))
    staff = sa.table(
        "staff", sa.column("must_change", sa.Boolean), sa.column("one_time_until", INSTANT)
    )
    until = {"one_time_until": system_clock() + A_WEEK}
    op.execute(sa.update(staff).where(staff.c.must_change).values(until))


def downgrade() -> None:
    op.drop_column("staff", "one_time_until")
