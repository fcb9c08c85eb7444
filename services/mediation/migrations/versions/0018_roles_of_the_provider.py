"""Roles that the provider of single sign-on gave end ninety days after the last sign-on.

When that was is not known of those that are there: they end ninety days from now.
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from shared.clock import local_day, system_clock

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

DAYS = timedelta(days=90)


def upgrade() -> None:
    subjects = sa.table("subjects", sa.column("staff_id", sa.Uuid))
    grants = sa.table(
        "grants",
        sa.column("staff_id", sa.Uuid),
        sa.column("last_on", sa.Date),
        sa.column("ended_at", sa.DateTime(timezone=True)),
    )
    for_ever = grants.c.last_on.is_(None) & grants.c.ended_at.is_(None)
    theirs = grants.c.staff_id.in_(sa.select(subjects.c.staff_id))
    until = local_day(system_clock()) + DAYS
    op.execute(sa.update(grants).where(for_ever, theirs).values(last_on=until))


def downgrade() -> None:
    """What has a last day keeps it."""
