"""Whose files wait for their forms: a keyed hash of the address, for limits alone."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("uploads") as uploads:
        uploads.add_column(sa.Column("sender", sa.LargeBinary(), nullable=True))
        uploads.create_index("ix_uploads_sender", ["sender"])


def downgrade() -> None:
    with op.batch_alter_table("uploads") as uploads:
        uploads.drop_index("ix_uploads_sender")
        uploads.drop_column("sender")
