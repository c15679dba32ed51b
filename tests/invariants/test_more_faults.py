"""What else goes wrong in a year, each alone: it costs nothing but time either."""

import pytest

from tests.invariants.conftest import SEED, Play
from tests.invariants.faults import Weather
from tests.invariants.run import Scenario
from tests.invariants.test_faults import ALONE

WEATHERS = {
    "answers delayed": Weather(delayed=0.03),
    "keys unprocessed": Weather(unprocessed=0.3),
    "table lost": Weather(table_lost=60),
    "clocks wrong": Weather(skew=300),
    "poison": Weather(poison=12),
}


@pytest.mark.parametrize("name", WEATHERS)
def test_this_fault_alone_costs_nothing_but_time(name: str, play: Play) -> None:
    report = play(Scenario(name, WEATHERS[name], ALONE, SEED, patience=600))
    assert report.met, "the weather stayed away"
    assert not report.red, report.told()
