"""Whether the complainant agreed that the complaint is passed on to the respondent."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("forwarding_consent", sa.Boolean()))


def downgrade() -> None:
    op.drop_column("cases", "forwarding_consent")
