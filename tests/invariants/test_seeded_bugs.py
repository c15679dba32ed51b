"""Checks must be able to fail: each bug that is put in turns its check red."""

import pytest

from tests.invariants import bugs
from tests.invariants.conftest import SEED, Play
from tests.invariants.faults import Weather
from tests.invariants.run import Bug, Scenario

SEEDED: list[tuple[str, Bug, Weather, int]] = [
    ("I1", bugs.lost_answer_is_a_rejection, Weather(commits_in_doubt=0.5), 60),
    ("I3", bugs.no_idempotency_key, Weather(), 60),
    ("I4", bugs.last_writer_wins, Weather(), 80),
    ("I6", bugs.capacity_read_and_written, Weather(), 200),
    ("I10", bugs.marked_sent_before_it_is_sent, Weather(kill_within=8), 60),
    ("I22", bugs.all_or_nothing, Weather(poison=10), 60),
]


@pytest.mark.parametrize(
    ("check", "bug", "weather", "count"), SEEDED, ids=[bug.__name__ for _, bug, _, _ in SEEDED]
)
def test_a_bug_put_in_is_seen(
    check: str, bug: Bug, weather: Weather, count: int, play: Play
) -> None:
    report = play(Scenario(f"bug: {bug.__name__}", weather, count, SEED, bug=bug))
    assert check in report.red, f"red are only {report.red}"
