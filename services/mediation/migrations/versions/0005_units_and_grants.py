"""Units, roles with a validity, stand-ins, invitations of respondents.

What an account was allowed before becomes grants: its role in its body. Administrators handled
cases, too; so they stay secretaries-general until somebody takes that role away from them.
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
GRANTS = sa.table(
    "grants",
    sa.column("id", sa.Uuid()),
    sa.column("staff_id", sa.Uuid()),
    sa.column("role", sa.Text()),
    sa.column("body", sa.Text()),
    sa.column("first_on", sa.Date()),
    sa.column("granted_at", INSTANT),
)
ALSO = {"administrator": ("administrator", "secretary_general")}


def upgrade() -> None:
    op.create_table(
        "units",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("parent", sa.Uuid()),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_units"),
        sa.UniqueConstraint("body", "code", name="uq_units_body_code"),
    )
    op.create_index("ix_units_parent", "units", ["parent"])
    op.create_table(
        "grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("unit", sa.Uuid()),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date()),
        sa.Column("granted_by", sa.Uuid()),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
    )
    op.create_index("ix_grants_staff_id", "grants", ["staff_id"])
    op.create_table(
        "stand_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("absent", sa.Uuid(), nullable=False),
        sa.Column("stand_in", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("arranged_by", sa.Uuid()),
        sa.Column("arranged_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_stand_ins"),
    )
    op.create_index("ix_stand_ins_stand_in", "stand_ins", ["stand_in"])
    op.create_index("ix_stand_ins_absent", "stand_ins", ["absent"])
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid()),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("key", name="uq_invitations_key"),
    )
    op.create_index("ix_invitations_case_id", "invitations", ["case_id"])
    roles_become_grants()
    with op.batch_alter_table("staff") as staff:
        staff.drop_column("role")
        staff.add_column(sa.Column("unit", sa.Uuid()))
    op.add_column("case_log", sa.Column("behalf", sa.Uuid()))
    op.add_column("cases", sa.Column("unit", sa.Uuid()))
    op.create_index(
        "ix_cases_unit",
        "cases",
        ["unit", "queue_on", "id"],
        postgresql_where=sa.text("unit IS NOT NULL"),
        sqlite_where=sa.text("unit IS NOT NULL"),
    )


def roles_become_grants() -> None:
    staff = sa.table(
        "staff",
        sa.column("id", sa.Uuid()),
        sa.column("role", sa.Text()),
        sa.column("body", sa.Text()),
        sa.column("created_at", INSTANT),
    )
    rows = [
        {
            "id": uuid4(),
            "staff_id": one.id,
            "role": role,
            "body": one.body,
            "first_on": one.created_at.date(),
            "granted_at": one.created_at,
        }
        for one in op.get_bind().execute(sa.select(staff)).all()
        for role in ALSO.get(one.role, (one.role,))
    ]
    if rows:
        op.bulk_insert(GRANTS, rows)


def downgrade() -> None:
    op.drop_index("ix_cases_unit", "cases")
    op.drop_column("cases", "unit")
    op.drop_column("case_log", "behalf")
    with op.batch_alter_table("staff") as staff:
        staff.drop_column("unit")
        staff.add_column(sa.Column("role", sa.Text(), nullable=False, server_default="mediator"))
    op.drop_table("invitations")
    op.drop_table("stand_ins")
    op.drop_table("grants")
    op.drop_table("units")
