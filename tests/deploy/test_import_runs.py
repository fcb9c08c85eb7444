"""Batches through the checks of the API: each row is counted once, and none is ever lost."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.imports.run import Answer, Import, Outcome
from tests.deploy.files import MAILBOX, a_message
from tests.deploy.tables import layout, read


class Books:
    """A stand for intake: keeps what it took, knows it again, refuses a text that says so."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.sizes: list[int] = []

    async def send(self, complaints: Sequence[bytes]) -> list[Answer]:
        self.sizes.append(len(complaints))
        return [self.take(json.loads(complaint)) for complaint in complaints]

    def take(self, complaint: dict[str, Any]) -> Answer:
        if "拒" in complaint["matter"]["text"]:
            return Answer(Outcome.REFUSED, (("/matter/text", "不收。"),))
        known = complaint["external"]["id"] in self.kept
        self.kept[complaint["external"]["id"]] = complaint
        return Answer(Outcome.KNOWN if known else Outcome.CREATED)


NUMBERS = st.integers(1, 12)
TEXTS = st.sampled_from(["好", "拒", "", "另一件"])
TIMES = st.sampled_from(["2026/5/2", "25点", 43832.5, None])


@settings(deadline=None)
@given(st.lists(st.tuples(NUMBERS, TIMES, TEXTS), max_size=40))
def test_read_is_created_and_known_and_refused_whatever_the_rows_are(
    cells: list[tuple[int, Any, str]],
) -> None:
    table = [MAILBOX, *([n, "甲", "乙", t, text, 0, 0] for n, t, text in cells)]
    rows, books = read(table), Books()
    tally = asyncio.run(Import(layout(table), books.send).run(rows))
    assert tally.read == len(cells)
    assert tally.created == len(books.kept)
    refused = Counter(one.row for one in tally.problems if one.refused)
    assert len(refused) == tally.refused
    again = asyncio.run(Import(layout(table), books.send).run(rows))
    assert again.created == 0
    assert (again.read, again.refused) == (tally.read, tally.refused)


async def test_rows_go_in_batches_and_a_second_run_creates_nothing() -> None:
    table = [MAILBOX, *(a_message(number) for number in range(1201))]
    books = Books()
    seen: list[int] = []
    run = Import(layout(table), books.send, seen.append)
    tally = await run.run(read(table))
    assert tally.as_json() == {"read": 1201, "created": 1201, "known": 0, "refused": 0}
    assert books.sizes == [200] * 6 + [1]
    assert seen == [200, 400, 600, 800, 1000, 1200, 1201]
    tally = await Import(layout(table), books.send).run(read(table))
    assert tally.as_json() == {"read": 1201, "created": 0, "known": 1201, "refused": 0}


async def test_three_batches_are_on_their_way_at_once_and_the_report_keeps_the_order() -> None:
    texts = {1: "拒", 600: "拒", 1100: "拒"}
    table = [MAILBOX, *(a_message(n, 留言详情=texts.get(n, "好")) for n in range(1, 1602))]
    table[700] = a_message(600, 留言详情="别的事")
    books, on_the_way, most = Books(), set[int](), list[int]()

    async def send(complaints: Sequence[bytes]) -> list[Answer]:
        on_the_way.add(id(complaints))
        most.append(len(on_the_way))
        answers = await books.send(complaints)
        for _ in range(10 - len(most)):
            await asyncio.sleep(0)
        on_the_way.remove(id(complaints))
        return answers

    tally = await Import(layout(table), send).run(read(table))
    assert tally.as_json() == {"read": 1601, "created": 1597, "known": 0, "refused": 4}
    assert [one.row for one in tally.problems] == [2, 601, 701, 1101]
    assert max(most) == 3


async def test_where_intake_falls_the_next_run_takes_up_what_is_missing() -> None:
    table = [MAILBOX, *(a_message(number) for number in range(2001))]
    books = Books()

    async def falling(complaints: Sequence[bytes]) -> list[Answer]:
        if len(books.sizes) == 2:
            raise ConnectionError
        return await books.send(complaints)

    run = Import(layout(table), falling)
    with pytest.raises(ConnectionError):
        await run.run(read(table))
    assert run.tally.as_json() == {"read": 400, "created": 400, "known": 0, "refused": 0}
    tally = await Import(layout(table), books.send).run(read(table))
    assert tally.as_json() == {"read": 2001, "created": 1601, "known": 400, "refused": 0}
    assert len(books.kept) == 2001


async def test_the_same_number_with_other_content_in_one_file_is_refused() -> None:
    table = [MAILBOX, a_message(1), a_message(1), a_message(1, 留言详情="别的事")]
    books = Books()
    tally = await Import(layout(table), books.send).run(read(table))
    assert tally.as_json() == {"read": 3, "created": 1, "known": 1, "refused": 1}
    assert [one.line("zh") for one in tally.problems] == [
        "第4行 留言编号 “1”: 第2行已用同一编号，内容不同；请改编号，或删去其中一行。"
    ]
    assert "办卡三个月" in books.kept["1"]["matter"]["text"]


async def test_what_intake_refuses_is_told_with_the_cell_as_it_was_written() -> None:
    table = [MAILBOX, a_message(1, 留言详情=" 拒　收 "), a_message(2)]

    async def refusing(complaints: Sequence[bytes]) -> list[Answer]:
        errors = (("/matter/text", "不收。"), ("/claims/0/kind", "没有。"), ("", "整件不收。"))
        return [Answer(Outcome.REFUSED, errors), Answer(Outcome.CREATED)]

    tally = await Import(layout(table), refusing).run(read(table))
    assert [one.line("zh") for one in tally.problems] == [
        "第2行 留言详情 “拒 收”: 不收。",
        "第2行 claims.kind: 没有。",
        "第2行: 整件不收。",
    ]
    assert tally.as_json() == {"read": 2, "created": 1, "known": 0, "refused": 1}
