"""Checks must be able to fail: each bug that is put in turns its check red."""

import pytest

from tests.invariants import bugs
from tests.invariants.conftest import SEED, Play
from tests.invariants.faults import FaultRates
from tests.invariants.run import Bug, Scenario

SEEDED: list[tuple[str, Bug, FaultRates, int]] = [
    ("I1", bugs.missed_answer_is_rejection, FaultRates(commits_in_doubt=0.5), 60),
    ("I3", bugs.no_idempotency_key, FaultRates(), 60),
    ("I4", bugs.last_writer_wins, FaultRates(), 80),
    ("I6", bugs.capacity_without_version, FaultRates(), 200),
    ("I10", bugs.closed_before_sending, FaultRates(kill_within=8), 60),
    ("I22", bugs.all_or_nothing, FaultRates(poison=10), 60),
    ("I27", bugs.propensity_left_out, FaultRates(), 60),
]


@pytest.mark.parametrize(
    ("check", "bug", "weather", "count"), SEEDED, ids=[bug.__name__ for _, bug, _, _ in SEEDED]
)
def test_a_bug_put_in_is_seen(
    check: str, bug: Bug, weather: FaultRates, count: int, play: Play
) -> None:
    report = play(Scenario(f"bug: {bug.__name__}", weather, count, SEED, bug=bug))
    assert check in report.failed_checks, f"red are only {report.failed_checks}"
