"""Privacy notices that were seen, scans of files, ways back to a lost code."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("complaints") as complaints:
        complaints.add_column(sa.Column("notice", sa.Text(), nullable=True))
    with op.batch_alter_table("attachments") as attachments:
        # What was taken before there was a scanner was not looked at.
        attachments.add_column(
            sa.Column("scan", sa.Text(), nullable=False, server_default="unscanned")
        )
        attachments.add_column(sa.Column("scanned_at", INSTANT, nullable=True))
        attachments.add_column(sa.Column("scan_due_at", INSTANT, nullable=True))
        attachments.add_column(
            sa.Column("scan_tries", sa.Integer(), nullable=False, server_default="0")
        )
        attachments.create_index("ix_attachments_scan", ["scan", "scan_due_at"])
    lost_codes()


def lost_codes() -> None:
    op.create_table(
        "lost_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lost_codes"),
    )
    op.create_index("ix_lost_codes_due_at", "lost_codes", ["due_at"])
    op.create_table(
        "mailed_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        sa.Column("mailed_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mailed_codes"),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name="fk_mailed_codes_complaint_id"
        ),
    )
    op.create_index(
        "ix_mailed_codes_complaint_id_mailed_at", "mailed_codes", ["complaint_id", "mailed_at"]
    )


def downgrade() -> None:
    for table in ("mailed_codes", "lost_codes"):
        op.drop_table(table)
    with op.batch_alter_table("attachments") as attachments:
        attachments.drop_index("ix_attachments_scan")
        for column in ("scan_tries", "scan_due_at", "scanned_at", "scan"):
            attachments.drop_column(column)
    with op.batch_alter_table("complaints") as complaints:
        complaints.drop_column("notice")
