"""A ledger stays nowhere longer than its answer needs, and the trail tells who took it."""

import tempfile
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.mediation.use_cases.desk import Filters
from services.mediation.use_cases.ledger import Order, write_ledger
from shared.acting import Staff, doers_of
from shared.bodies import Bodies
from shared.rights import Action, Grant, Role
from shared.trail import Doer
from shared.work import Database
from tests.doers import Did, did
from tests.mediation.people import noted
from tests.mediation.things import a_case

CLERK = UUID(int=7)
DOER = Doer("staff", CLERK, "林调解员", "mediator")


async def test_a_ledger_that_fails_halfway_leaves_no_file_behind(
    on_sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "files"))
    (tmp_path / "files").mkdir()
    async with on_sqlite.work() as work:
        await work.session.execute(text("DROP TABLE case_words"))
    order = Order(Filters(("main",)), "zh", Bodies(), 100, [DOER])
    with pytest.raises(DBAPIError):
        await write_ledger(on_sqlite, order)
    assert list((tmp_path / "files").iterdir()) == []


async def test_who_exports_is_in_the_trail_before_there_is_a_file(database: Database) -> None:
    order = Order(Filters(("main",)), "zh", Bodies(), 100, [DOER])
    path = await write_ledger(database, order)
    path.unlink()
    assert await noted(database, "staff", CLERK) == ["case.exported"]


async def test_a_ledger_that_reaches_further_by_a_lent_right_is_noted_for_its_holder_too(
    database: Database,
) -> None:
    head = UUID(int=8)
    mine = Grant(Role.MEDIATOR, CLERK, "main", UUID(int=21), "/21/")
    lent = Grant(Role.SECRETARY_GENERAL, head, "main", holder_name="何秘书长")
    who = Staff(CLERK, "lin", "林调解员", "mediator", "main", grants=(mine, lent))
    alone = replace(who, grants=(mine,))
    for one in (alone, who):
        doers = doers_of(one, Action.CASE_EXPORT, ("main",))
        path = await write_ledger(database, Order(Filters(("main",)), "zh", Bodies(), 9, doers))
        path.unlink()
    own = Did("case.exported", CLERK, "林调解员", "mediator", None, "")
    for_head = Did("case.exported", CLERK, "林调解员", "secretary_general", head, "何秘书长")
    assert await did(database) == [own, own, for_head]


@pytest.mark.parametrize(
    ("most", "numbers", "said"),
    [
        (3, 3, []),
        (2, 2, ["不完整：台账里只有2件，其余的没有写进来。请加上筛选条件，分几次导出。"]),
    ],
)
async def test_a_ledger_of_fewer_cases_than_were_found_says_so_in_its_last_row(
    database: Database, most: int, numbers: int, said: list[str]
) -> None:
    cases = [await a_case(database) for _ in range(3)]
    path = await write_ledger(database, Order(Filters(("main",)), "zh", Bodies(), most, [DOER]))
    rows = list(load_workbook(path)["台账"].iter_rows(min_row=2, values_only=True))
    path.unlink()
    first = [str(row[0]) for row in rows]
    assert {*first[:numbers]} <= {one.number for one in cases}
    assert (len({*first[:numbers]}), first[numbers:]) == (numbers, said)
