"""The table of units in a migration: the same in every sister of mediation."""

from typing import Any

import sqlalchemy as sa


def units_table(op: Any) -> None:
    """Create the table of units."""
    op.create_table(
        "units",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("parent", sa.Uuid(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_units"),
    )


def drop_units_table(op: Any) -> None:
    """The way back of `units_table`."""
    op.drop_table("units")
