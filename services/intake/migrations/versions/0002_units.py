"""Units as mediation tells them, and where the case of a complaint lies."""

import sqlalchemy as sa
from alembic import op

from shared.units.migrating import drop_units_table, units_table

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


PLACE = {"unit": sa.Uuid, "assignee": sa.Uuid, "placed": sa.Integer}


def upgrade() -> None:
    units_table(op)
    for name, kind in PLACE.items():
        op.add_column("complaints", sa.Column(name, kind(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("complaints") as complaints:
        for name in reversed(PLACE):
            complaints.drop_column(name)
    drop_units_table(op)
