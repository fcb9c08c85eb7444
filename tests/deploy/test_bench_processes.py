"""What /proc says of processes."""

import os

from deploy.bench.processes import (
    TICKS,
    Memory,
    Stat,
    cpu_of,
    memory_of,
    parse_smaps,
    parse_stat,
    spent,
    tree,
)

LINE = "4211 (nginx: (a) b) S 17 4211 4211 0 -1 4194560 1 2 3 4 150 50 30 20 20 0 1 0 99 1 1"


def test_a_name_with_brackets_and_blanks_is_no_trouble() -> None:
    assert parse_stat(LINE) == Stat(4211, 17, 250 / TICKS)


def test_memory_is_read_in_bytes() -> None:
    text = "55-7f ---p 00 00:00 0 [rollup]\nRss:   2048 kB\nPss:   1024 kB\nPss_Dirty: 7 kB\n"
    assert parse_smaps(text) == Memory(rss=2 * 2**20, pss=2**20)


def test_a_tree_is_a_process_and_all_below_it() -> None:
    stats = [Stat(1, 0, 1.0), Stat(2, 1, 2.0), Stat(3, 2, 4.0), Stat(9, 0, 8.0)]
    assert sorted(one.pid for one in tree(1, stats)) == [1, 2, 3]
    assert tree(77, stats) == []


def test_time_spent_is_the_difference_and_never_negative() -> None:
    assert spent({"a": 1.0, "b": 5.0}, {"a": 1.5, "b": 4.0, "c": 2.0}) == {
        "a": 0.5,
        "b": 0.0,
        "c": 2.0,
    }


def test_we_ourselves_have_used_time_and_memory() -> None:
    own = {"we": os.getpid()}
    assert cpu_of(own)["we"] > 0
    assert memory_of(own)["we"].rss >= memory_of(own)["we"].pss > 2**20
    assert memory_of({"nobody": 2**22 + 1}) == {"nobody": Memory()}
