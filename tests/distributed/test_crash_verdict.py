"""What `make crash` calls wrong: each fault that could happen is planted and found."""

from dataclasses import replace

import pytest

from deploy.crash.counts import Counts
from deploy.crash.load import Told
from deploy.crash.verdict import wrongs

RIGHT = Counts(
    complaints=("a", "b", "c"),
    cases=("a", "b", "c"),
    forwarded=frozenset({("k1", 1), ("k2", 2)}),
    letters=(("k1", 1), ("k2", 1), ("k2", 2)),
    numbers={"main/forwarding/2026": (1, 2, 3)},
    series={"main/forwarding/2026": 3},
    outbox=0,
    dead=0,
    facts=("a", "b", "c"),
)


def told() -> Told:
    return Told(acknowledged={"key-1": "a", "key-2": "b", "key-3": "c"}, forwarded={"k1", "k2"})


def test_a_platform_that_kept_its_word_has_nothing_wrong() -> None:
    assert list(wrongs(RIGHT, told())) == []
    assert RIGHT.settled


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            replace(RIGHT, cases=("a", "b")),
            "1 of the acknowledged complaints are missing among the cases",
        ),
        (
            replace(RIGHT, cases=("a", "b", "c", "c")),
            "1 cases too many for the acknowledged complaints",
        ),
        (
            replace(RIGHT, facts=("a", "b")),
            "1 of the acknowledged complaints are missing among the rows on the dashboard",
        ),
        (
            replace(RIGHT, complaints=("a", "b", "c", "d")),
            "1 complaints kept too many for the acknowledged complaints",
        ),
        (
            replace(RIGHT, letters=(("k1", 1), ("k2", 1))),
            "1 of the forwardings are missing among the letters",
        ),
        (
            replace(RIGHT, letters=(("k1", 1), ("k1", 1), ("k2", 1), ("k2", 2))),
            "1 letters too many for the forwardings",
        ),
        (
            replace(RIGHT, numbers={"main/forwarding/2026": (1, 3)}),
            "1 document numbers are missing or double",
        ),
        (
            replace(RIGHT, numbers={"main/forwarding/2026": (1, 2, 2, 3)}),
            "1 document numbers are missing or double",
        ),
        (
            replace(RIGHT, series={"main/forwarding/2026": 4}),
            "1 document numbers are missing or double",
        ),
        (replace(RIGHT, dead=2), "2 events were buried"),
        (replace(RIGHT, outbox=5), "5 events were never published"),
    ],
)
def test_each_fault_is_said(found: Counts, sentence: str) -> None:
    assert list(wrongs(found, told())) == [sentence]


def test_a_forwarding_that_was_acknowledged_and_lost_is_said() -> None:
    one = told()
    one.forwarded.add("k3")
    assert list(wrongs(RIGHT, one)) == [
        "1 of the forwardings acknowledged are missing among the cases forwarded"
    ]


def test_an_answer_nobody_should_get_is_said() -> None:
    one = told()
    one.wrong.append("POST complaint: 422 x")
    assert list(wrongs(RIGHT, one)) == ["unexpected answer: POST complaint: 422 x"]
