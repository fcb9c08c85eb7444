"""The log chain: intact as written, broken by any change, whole after an erasure."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mediation.domain.log import (
    NOTHING_BEFORE,
    Break,
    Kept,
    canonical,
    chained,
    commit_to,
    first_break,
)


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
        (lambda rows: rows[:1] + rows[2:], Break(3, "missing")),
        (lambda rows: [rows[1], *rows[1:]], Break(2, "missing")),
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


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3), max_size=6))
def test_whatever_is_said_the_chain_holds(values: list[dict[str, Any]]) -> None:
    assert first_break(chain(values)) is None
