"""The event that a case's facts are from; words that intake did not know are asked for again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("facts_version", "files_version"):
        op.add_column("cases", sa.Column(name, sa.Integer(), nullable=False, server_default="1"))
    op.add_column(
        "words_wanted", sa.Column("tries", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("words_wanted", sa.Column("again_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("words_wanted", "again_at")
    op.drop_column("words_wanted", "tries")
    op.drop_column("cases", "files_version")
    op.drop_column("cases", "facts_version")
