"""The bench's part about the search: texts of a seed, figures, goal and report."""

from collections import Counter

from deploy.bench.report.search import searched
from deploy.bench.results import Results
from deploy.bench.searching import Searching
from deploy.bench.texts import Writer, spread
from services.mediation.domain.tokens import normal


def test_told_the_same_seed_the_same_texts_are_written_in_normal_form() -> None:
    one, other = Writer(4), Writer(4)
    texts = [one.text() for _ in range(5)]
    assert texts == [other.text() for _ in range(5)] != [Writer(5).text() for _ in range(5)]
    assert all(text == normal(text) and 40 < len(text) < 500 for text in texts)


def test_words_are_used_as_unevenly_as_peoples() -> None:
    writer = Writer(4)
    texts = [writer.text() for _ in range(300)]
    words = spread(writer.words, 40)
    assert len(words) > 30
    assert min(map(len, words)) > 1
    standing = Counter({word: sum(word in text for text in texts) for word in words})
    assert standing[words[0]] > 100
    assert sum(count <= 3 for count in standing.values()) > 10


def test_the_goal_is_about_words_in_less_than_one_in_a_hundred() -> None:
    done = Searching(1000, filled=2.0, indexed=5.0, size=3 << 20)
    done.found = {
        "a": [(0.5, 9.0, 400.0)],
        "b": [(0.009, 4.0, 20.0), (0.009, 5.0, 30.0)],
        "c": [(0.0002, 3.0, 10.0)],
    }
    assert done.rate == 200.0
    assert [(one.figure, one.verdict) for one in done.goals] == [(5.0, "met"), (30.0, "met")]
    said = "\n".join(searched(done))
    assert "**200 texts/s**" in said
    assert "| 0.1 % to 1.0 % | 2 | 4.00 | 5.00 | 20.0 | 30.0 | 30.0 |" in said
    assert "| 10.0 % to 100.0 % | 1 |" in said
    assert "1.0 % to 10.0 %" not in said


def test_a_search_that_was_not_measured_says_so() -> None:
    assert list(searched(None)) == []
    goals = [one for one in Results().goals() if one.name.startswith("search")]
    assert [one.verdict for one in goals] == ["not taken", "not taken"]
