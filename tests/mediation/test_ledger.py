"""A ledger holds names in the clear: it stays nowhere longer than its answer needs."""

import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.mediation.use_cases.desk import Filters
from services.mediation.use_cases.ledger import Order, write_ledger
from shared.bodies import Bodies
from shared.work import Database


async def test_a_ledger_that_fails_halfway_leaves_no_file_behind(
    on_sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "files"))
    (tmp_path / "files").mkdir()
    async with on_sqlite.work() as work:
        await work.session.execute(text("DROP TABLE case_words"))
    order = Order(Filters(("main",)), "zh", Bodies(), 100)
    with pytest.raises(DBAPIError):
        await write_ledger(on_sqlite, order)
    assert list((tmp_path / "files").iterdir()) == []
