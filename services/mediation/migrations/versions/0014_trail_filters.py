"""The trail is filtered along indexes, and by days along ids.

Steps of the demonstration get ids of the time they bear, as those of real cases have: they are
outside checkpoints, and their chains do not cover the id.
"""

import sqlalchemy as sa
from alembic import op

from shared.trail.migrating import drop_filter_indexes, filter_indexes

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PARTIAL = {
    "ix_case_log_actor": ("actor", "actor IS NOT NULL"),
    "ix_case_log_behalf": ("behalf", "behalf IS NOT NULL"),
    "ix_case_log_step": ("step", "step <> 'open'"),
}
"""The column that stands before the id, and which rows are in it."""
TIMES = {
    "sqlite": "printf('%012x', strftime('%s', at) * 1000 + substr(at, 21, 3)) || substr(id, 13)",
    "postgresql": (
        "CAST(lpad(to_hex(CAST(floor(extract(epoch FROM at) * 1000) AS bigint)), 12, '0')"
        " || substr(replace(CAST(id AS text), '-', ''), 13) AS uuid)"
    ),
}
"""The id with the time of its row in the first 48 bits (RFC 9562, version 7)."""


def upgrade() -> None:
    date_demonstration()
    filter_indexes(op)
    for name, (column, which) in PARTIAL.items():
        where = sa.text(which)
        op.create_index(
            name, "case_log", [column, "id"], postgresql_where=where, sqlite_where=where
        )


def date_demonstration() -> None:
    """A step that was told of another day is found there."""
    time = TIMES[op.get_bind().dialect.name]
    op.execute(
        f"UPDATE case_log SET id = {time}"  # noqa: S608 - our own words
        " WHERE case_id IN (SELECT id FROM cases WHERE demo)"
    )


def downgrade() -> None:
    for name in PARTIAL:
        op.drop_index(name, "case_log")
    drop_filter_indexes(op)
