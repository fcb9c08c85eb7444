"""Words found by keyed tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "search_texts",
        sa.Column("number", NUMBER, sa.Identity(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_search_texts"),
        sa.UniqueConstraint("case_id", name="uq_search_texts_case_id"),
    )
    op.create_table(
        "search_wanted",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_search_wanted"),
    )
    op.create_table(
        "search_generations",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.Text(), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_search_generations"),
        sa.UniqueConstraint("generation", name="uq_search_generations_generation"),
    )
    number_all_cases()
    fetch_all_words_again()


def number_all_cases() -> None:
    """Cases that were there before get their numbers, the oldest first; erased ones get none."""
    op.execute(
        "INSERT INTO search_texts (case_id) SELECT w.case_id FROM case_words w"
        " JOIN cases c ON c.id = w.case_id WHERE w.words IS NOT NULL ORDER BY w.case_id"
    )


def fetch_all_words_again() -> None:
    """Only intake has their texts."""
    op.execute(
        "INSERT INTO words_wanted (case_id, complaint_id, asked_at)"
        " SELECT c.id, c.complaint_id, c.opened_at FROM cases c"
        " JOIN search_texts s ON s.case_id = c.id"
        " WHERE NOT EXISTS (SELECT 1 FROM words_wanted w WHERE w.case_id = c.id)"
    )


def downgrade() -> None:
    places = op.get_bind().execute(sa.text("SELECT place FROM search_generations")).scalars().all()
    for place in places:
        op.execute(f"DROP TABLE search_tokens_{place}")
    for table in ("search_generations", "search_wanted", "search_texts"):
        op.drop_table(table)
