"""What is found only whole has one token for all of it: texts and tokens are made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    forget_all_tokens()
    fetch_all_words_again()


def forget_all_tokens() -> None:
    """The step makes new tables; until they are full, the search finds what they have so far."""
    places = op.get_bind().execute(sa.text("SELECT place FROM search_generations")).scalars().all()
    for place in places:
        op.execute(f"DROP TABLE search_tokens_{place}")
    op.execute("DELETE FROM search_generations")


def fetch_all_words_again() -> None:
    """Only intake has the texts as they were written; what was erased has no number any more."""
    op.execute(
        "INSERT INTO words_wanted (case_id, complaint_id, asked_at)"
        " SELECT c.id, c.complaint_id, c.opened_at FROM cases c"
        " JOIN search_texts s ON s.case_id = c.id"
        " WHERE NOT EXISTS (SELECT 1 FROM words_wanted w WHERE w.case_id = c.id)"
    )


def downgrade() -> None:
    upgrade()
