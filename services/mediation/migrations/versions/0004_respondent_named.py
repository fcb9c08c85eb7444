"""Whether the respondent has a name, so that it can be written to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    named: sa.Column[bool] = sa.Column("respondent_named", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("cases", named)
    cases = sa.table("cases", sa.column("respondent_named"), sa.column("respondent_known"))
    op.execute(cases.update().values(respondent_named=cases.c.respondent_known))


def downgrade() -> None:
    op.drop_column("cases", "respondent_named")
