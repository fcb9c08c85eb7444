"""Letters are found by the number of their case."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_letters_case_number", "letters", ["case_number"])


def downgrade() -> None:
    op.drop_index("ix_letters_case_number", "letters")
