"""From figures to goals and to the report."""

import math
from pathlib import Path

from deploy.bench.lifecycles import Burst, old_p95_is_back
from deploy.bench.report import report
from deploy.bench.resting import buried_in, waiting_in
from deploy.bench.results import Results
from deploy.bench.run import Cost, Figure, Plan
from deploy.bench.statistics import Tally

PLAN = Plan(10_000, frozenset("abcde"), 10, Path("nowhere"), 8900)


def figure(name: str, clients: int, rate: int, milliseconds: float) -> Figure:
    tally = Tally(seconds=1.0, own_cpu=0.1)
    for _ in range(rate):
        tally.note(0.0, milliseconds / 1000, 201)
    return Figure(name, clients, tally, Cost({name: 0.5}))


def results() -> Results:
    return Results(
        ceiling=[figure("ceiling", 8, 100, 1.0), figure("ceiling", 32, 200, 2.0)],
        direct=[figure("intake", 8, 40, 5.0), figure("intake", 32, 90, 30.0)],
        bulk=figure("bulk", 2, 3, 10.0),
        bulk_rate=300.0,
        versions={"kafka": "4.3.1"},
    )


def verdicts() -> dict[str, str]:
    return {goal.name: goal.verdict for goal in results().goals()}


def test_goals_are_ratios_to_the_ceiling_with_as_many_clients() -> None:
    said = verdicts()
    assert said["create, 8 clients, of the ceiling"] == "met"
    assert said["create, 32 clients, of the ceiling"] == "**missed** by 10.0 %"
    assert said["create, 8 clients, p99 to the ceiling's"] == "met"
    assert said["create, 32 clients, p99 to the ceiling's"] == "**missed** by 50.0 %"
    assert said["bulk create, of the ceiling"] == "met"


def test_what_was_not_measured_says_so() -> None:
    said = verdicts()
    assert said["import"] == said["settled, 32 clients, of the ceiling"] == "not taken"
    assert all(goal.verdict == "not taken" for goal in Results().goals())


def test_the_plan_measures_lifecycles_at_ten_thousand_and_at_what_was_asked_for() -> None:
    assert PLAN.sizes == ((10_000,), ())
    assert Plan(10**6, PLAN.parts, 1, PLAN.folder, 1).sizes == ((10_000,), (10**6,))
    assert Plan(500, PLAN.parts, 1, PLAN.folder, 1).sizes == ((500,), ())


def burst(rate: float, p95: float, settled: float) -> Burst:
    return Burst(rate, 100, p95 / 2, p95, settled)


def test_after_a_spike_the_valley_must_be_as_it_was() -> None:
    quiet, spike = burst(1, 40, 40), burst(15, 300, 300)
    assert old_p95_is_back((quiet, spike, burst(1, 200, 45)))
    assert not old_p95_is_back((quiet, spike, burst(1, 60, 60)))
    assert old_p95_is_back((burst(1, 5, 5), spike, burst(1, 15, 15)))


def test_a_valley_without_requests_proves_nothing() -> None:
    assert not old_p95_is_back((burst(1, 40, 40), burst(15, 1, 1), burst(1, math.nan, math.nan)))


def test_the_report_names_goals_limits_and_figures() -> None:
    text = report(PLAN, results())
    assert "- kafka: 4.3.1\n" in text
    assert "| create, 8 clients, of the ceiling | at least 35.0 % | 40.0 % | met |" in text
    assert "`REDRESS_RATE_PUBLIC_PER_MINUTE` 600000000 (default 120)" in text
    assert "| intake | 8 | 40.0 | 40.0 % | 5.00 | 5.00 | 0 | 10.0 % |" in text
    assert "Bulk create: 300 complaints/s, 150.0 % of the ceiling." in text


def test_what_waits_is_what_the_status_says() -> None:
    status = {
        "services": {
            "intake": {"outbox": 2, "lag": 3, "dead_letters": 1},
            "mediation": {"outbox": 0, "lag": 4, "dead_letters": 0},
        }
    }
    assert (waiting_in(status), buried_in(status)) == (9, 1)
