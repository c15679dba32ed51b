"""What else goes wrong in a year, each alone: it costs nothing but time either."""

import pytest

from tests.invariants.conftest import SEED, Play
from tests.invariants.faults import FaultRates
from tests.invariants.run import Scenario
from tests.invariants.test_faults import ALONE

WEATHERS = {
    "answers delayed": FaultRates(delayed=0.03),
    "keys unprocessed": FaultRates(unprocessed=0.3),
    "table lost": FaultRates(table_lost=60),
    "clocks wrong": FaultRates(skew=300),
    "poison": FaultRates(poison=12),
}


@pytest.mark.parametrize("name", WEATHERS)
def test_this_fault_alone_costs_nothing_but_time(name: str, play: Play) -> None:
    report = play(Scenario(name, WEATHERS[name], ALONE, SEED, patience=600))
    assert report.met, "the weather stayed away"
    assert not report.failed_checks, report.describe_failures()
