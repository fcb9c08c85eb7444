"""Addresses, former names and order numbers are hidden from the search, everybody from lists, too.

The sealed texts that are searched, and the copies that lists show, are made anew.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    fetch_all_words_again()


def fetch_all_words_again() -> None:
    """Only intake knows whom to hide; what was erased has no number any more."""
    op.execute(
        "INSERT INTO words_wanted (case_id, complaint_id, asked_at, tries)"
        " SELECT c.id, c.complaint_id, c.opened_at, 0 FROM cases c"
        " JOIN search_texts s ON s.case_id = c.id"
        " WHERE NOT EXISTS (SELECT 1 FROM words_wanted w WHERE w.case_id = c.id)"
    )


def downgrade() -> None:
    upgrade()
