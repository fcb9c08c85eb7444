"""Units as mediation tells them, and where the case of a letter lies."""

import sqlalchemy as sa
from alembic import op

from shared.units.migrating import drop_units_table, units_table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    units_table(op)
    op.create_table(
        "places",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=True),
        sa.Column("assignee", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("complaint_id", name="pk_places"),
    )
    for name in ("unit", "assignee"):
        op.add_column("letters", sa.Column(name, sa.Uuid(), nullable=True))
    op.create_index("ix_letters_unit_state", "letters", ["unit", "state", "id"])


def downgrade() -> None:
    op.drop_index("ix_letters_unit_state", "letters")
    with op.batch_alter_table("letters") as letters:
        for name in ("assignee", "unit"):
            letters.drop_column(name)
    op.drop_table("places")
    drop_units_table(op)
