"""ID numbers get their blind index, and so do all telephones of those who speak in a case.

They are in the copies of the words, which are made anew.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    fetch_all_words_again()


def fetch_all_words_again() -> None:
    """Only intake has the numbers; what was erased is not among the searched texts any more."""
    op.execute(
        "INSERT INTO words_wanted (case_id, complaint_id, asked_at, tries)"
        " SELECT c.id, c.complaint_id, c.opened_at, 0 FROM cases c"
        " JOIN search_texts s ON s.case_id = c.id"
        " WHERE NOT EXISTS (SELECT 1 FROM words_wanted w WHERE w.case_id = c.id)"
    )


def downgrade() -> None:
    op.execute("DELETE FROM case_lookups WHERE kind = 'id_number'")
    fetch_all_words_again()
