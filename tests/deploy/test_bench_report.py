"""Goals and figures as they are written."""

import math

from deploy.bench.goals import Goal, goals_table
from deploy.bench.markdown import figure, mib, percent, table


def test_a_goal_is_met_on_its_own_side() -> None:
    assert Goal("create", 0.35, 0.35).met
    assert not Goal("create", 0.349, 0.35).met
    assert Goal("p95", 499.9, 500, "below", "ms").met
    assert not Goal("p95", 500, 500, "below", "ms").met


def test_a_missed_goal_says_by_how_much() -> None:
    assert Goal("create", 0.28, 0.35).verdict == "**missed** by 20.0 %"
    assert Goal("errors", 3, 0.5, "below", "errors").verdict == "**missed** by 500.0 %"
    assert Goal("recovery", math.inf, 10, "below", "s").verdict == "**missed** by never"


def test_a_figure_that_was_not_taken_is_not_met() -> None:
    goal = Goal("import", math.nan, 2000, unit="/s")
    assert (goal.met, goal.verdict) == (False, "not taken")


def test_figures_have_the_digits_they_deserve() -> None:
    assert [figure(one) for one in (0.123, 12.34, 1234.5, math.nan, math.inf)] == [
        "0.12",
        "12.3",
        "1,234",
        "-",
        "never",
    ]
    assert (percent(0.3456), percent(math.nan), mib(3 * 2**20)) == ("34.6 %", "-", "3")


def test_a_table_is_markdown() -> None:
    assert table(("a", "b"), [("x|y", "1")]) == "| a | b |\n| --- | ---: |\n| x\\|y | 1 |\n"
    assert goals_table([Goal("create", 0.5, 0.35)]).splitlines()[2] == (
        "| create | at least 35.0 % | 50.0 % | met |"
    )
