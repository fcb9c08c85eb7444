"""The log chain: intact as written, broken by any change, whole after an erasure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.trail.chain import (
    NOTHING_BEFORE,
    Break,
    Follower,
    Kept,
    canonical,
    chained,
    commit_to,
)
from tests.chains import first_break


def chain(values: list[dict[str, Any]]) -> list[Kept]:
    rows: list[Kept] = []
    for seq, said in enumerate(values, 1):
        salt = bytes([seq]) * 16
        public = {"seq": seq, "step": "note"}
        before = rows[-1].hash if rows else NOTHING_BEFORE
        promise = commit_to(salt, said)
        rows.append(
            Kept(seq, public, promise, before, chained(before, public, promise), (salt, said))
        )
    return rows


THREE = [{"text": "一"}, {"text": "二"}, {"text": "三"}]


def test_equal_facts_have_one_spelling() -> None:
    assert canonical({"b": 1, "a": "调解"}) == '{"a":"调解","b":1}'.encode()


def test_a_commitment_says_nothing_without_its_salt() -> None:
    assert commit_to(b"1" * 16, {"a": 1}) != commit_to(b"2" * 16, {"a": 1})
    assert len(commit_to(b"", {})) == 32


def test_a_chain_as_written_is_intact() -> None:
    assert first_break(chain(THREE)) is None
    assert first_break([]) is None


@pytest.mark.parametrize(
    ("spoil", "broken"),
    [
        (lambda rows: rows[:1] + rows[2:], Break(2, "missing")),
        (lambda rows: [rows[1], *rows[1:]], Break(1, "missing")),
        (
            lambda rows: [rows[0], replace(rows[1], public={"seq": 2, "step": "close"}), rows[2]],
            Break(2, "public"),
        ),
        (
            lambda rows: [rows[0], replace(rows[1], opened=(b"\2" * 16, {"text": "x"})), rows[2]],
            Break(2, "values"),
        ),
        (
            lambda rows: [rows[0], replace(rows[1], previous=b"\1" * 32), rows[2]],
            Break(2, "previous"),
        ),
        (
            lambda rows: [*rows[:2], replace(rows[2], commitment=b"\1" * 32)],
            Break(3, "public"),
        ),
    ],
)
def test_any_change_shows_at_its_row(spoil: Any, broken: Break) -> None:
    assert first_break(spoil(chain(THREE))) == broken


def test_erased_values_leave_the_chain_whole() -> None:
    rows = [replace(row, opened=None) for row in chain(THREE)]
    assert first_break(rows) is None


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3), max_size=6))
def test_whatever_is_said_the_chain_holds(values: list[dict[str, Any]]) -> None:
    assert first_break(chain(values)) is None


def ended(rows: list[Kept], seq: int, head: bytes) -> Break | None:
    follower = Follower()
    for row in rows:
        follower.follow(row)
    return follower.ended(seq, head)


def test_a_chain_ends_where_it_was_noted_to_end() -> None:
    rows = chain(THREE)
    assert ended(rows, 3, rows[2].hash) is None
    assert ended(rows[:2], 3, rows[2].hash) == Break(3, "missing")
    assert ended([], 3, rows[2].hash) == Break(1, "missing")
    assert ended(rows, 2, rows[1].hash) == Break(3, "inserted")
    assert ended(rows, 3, b"\1" * 32) == Break(3, "head")


def test_the_first_break_is_named_whatever_comes_after_it() -> None:
    rows = chain(THREE)
    spoiled = [replace(row, public={"seq": row.seq, "step": "x"}) for row in rows]
    assert ended(spoiled, 9, b"") == Break(1, "public")


def test_values_that_do_not_open_are_named_at_their_row() -> None:
    rows, follower = chain(THREE), Follower()
    follower.follow(rows[0])
    follower.unreadable(2)
    assert follower.broken == Break(2, "values")


def test_days_and_ids_are_spelled_and_what_has_no_spelling_is_refused() -> None:
    facts = {"on": date(2026, 6, 23), "id": UUID(int=1)}
    said = b'{"id":"00000000-0000-0000-0000-000000000001","on":"2026-06-23"}'
    assert canonical(facts) == said
    with pytest.raises(TypeError, match="set has no place in a log row"):
        canonical({"a": {1}})


Spoiled = Callable[[list[Kept], int], list[Kept]]
EVERY_WAY: dict[str, Spoiled] = {
    "deleted": lambda rows, at: [*rows[:at], *rows[at + 1 :]],
    "cut": lambda rows, at: rows[:at],
    "public": lambda rows, at: at_row(rows, at, public={**rows[at].public, "step": "other"}),
    "values": lambda rows, at: at_row(rows, at, opened=(rb"\9" * 16, {"text": "other"})),
    "commitment": lambda rows, at: at_row(rows, at, commitment=rb"\9" * 32),
    "hash": lambda rows, at: at_row(rows, at, hash=rb"\9" * 32),
    "rechained": lambda rows, at: [*rows[:at], *chained_anew(rows[at:])],
}


def at_row(rows: list[Kept], at: int, **changed: Any) -> list[Kept]:
    return [*rows[:at], replace(rows[at], **changed), *rows[at + 1 :]]


def chained_anew(rows: list[Kept]) -> list[Kept]:
    """The same rows with another step, their hashes made to fit one another."""
    made: list[Kept] = []
    for row in rows:
        before = made[-1].hash if made else row.previous
        public = {**row.public, "step": "other"}
        fits = chained(before, public, row.commitment)
        made.append(replace(row, public=public, previous=before, hash=fits))
    return made


@settings(deadline=None)
@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3), min_size=1),
    st.sampled_from(sorted(EVERY_WAY)),
    st.data(),
)
def test_whatever_is_done_to_a_chain_its_head_or_a_row_tells(
    values: list[dict[str, Any]], way: str, data: st.DataObject
) -> None:
    rows = chain(values)
    at = data.draw(st.integers(0, len(rows) - 1))
    found = ended(EVERY_WAY[way](rows, at), len(rows), rows[-1].hash)
    if way == "rechained":
        assert found == Break(len(rows), "head")
    elif way == "hash":
        assert found == Break(at + 1, "public")
    else:
        assert found is not None
        assert found.seq == at + 1
