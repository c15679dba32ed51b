"""Each fault of the first ring alone, then all at once: nothing lost, doubled or overrun."""

import pytest

from tests.invariants.conftest import FULL, SEED, Play
from tests.invariants.faults import FaultRates
from tests.invariants.run import Scenario

ALONE = 500
MIXED = 30_000 if FULL else 3_000
WEATHERS = {
    "throttled": FaultRates(throttled=0.3),
    "broken": FaultRates(broken=0.1),
    "answers lost": FaultRates(answers_lost=0.05, commits_in_doubt=0.05),
    "killed": FaultRates(kill_within=40),
    "copies shuffled": FaultRates(copies=3, shuffled=True),
    "copy late": FaultRates(late=0.2, replayed=0.2),
}
ALL_AT_ONCE = FaultRates(
    throttled=0.05,
    broken=0.03,
    answers_lost=0.03,
    commits_in_doubt=0.01,
    delayed=0.005,
    unprocessed=0.05,
    table_lost=60,
    skew=300,
    kill_within=150,
    copies=2,
    copied=0.3,
    shuffled=True,
    late=0.05,
    replayed=0.1,
    poison=MIXED // 50,
)


def test_all_faults_at_once_cost_nothing_but_time(play: Play) -> None:
    scenario = Scenario("mix", ALL_AT_ONCE, MIXED, SEED, limit=10, patience=7200 if FULL else 900)
    report = play(scenario)
    assert not report.failed_checks, report.describe_failures()


@pytest.mark.parametrize("name", WEATHERS)
def test_one_fault_alone_costs_nothing_but_time(name: str, play: Play) -> None:
    report = play(Scenario(name, WEATHERS[name], ALONE, SEED, patience=600))
    assert report.met, "the weather stayed away"
    assert not report.failed_checks, report.describe_failures()
