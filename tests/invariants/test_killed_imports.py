"""I15: each row of an import has one end, and an import that was killed ends as any other."""

from random import Random

import pytest

from leadloop.intake import envelope
from tests.invariants import bugs
from tests.invariants.conftest import FULL, SEED
from tests.invariants.killed_imports import CrashPlan, ImportOutcome, play_import

ROWS, DEATHS = 300, 25
ALL_ROWS = 10_000


def unkilled(rows: int) -> tuple[ImportOutcome, int]:
    """What is left, and at how many moments it could have died."""
    fate = CrashPlan()
    return play_import(rows, fate), fate.passed


@pytest.fixture(scope="module")
def calm() -> tuple[ImportOutcome, int]:
    return unkilled(ROWS)


def same(killed: ImportOutcome, calm: ImportOutcome) -> bool:
    return killed._replace(killed=0) == calm


def test_every_row_of_an_import_has_one_end(calm: tuple[ImportOutcome, int]) -> None:
    left, _ = calm
    assert left.counted.rows == ROWS
    assert set(left.counted.outcomes) == {"lead", "merged", "quarantined"}
    assert (left.counted.again, left.killed) == (0, 0)


def test_an_import_that_dies_again_and_again_ends_as_if_it_never_had(
    calm: tuple[ImportOutcome, int],
) -> None:
    expected, moments = calm
    killed = play_import(ROWS, CrashPlan(Random(SEED).sample(range(1, moments), DEATHS)))
    assert killed.killed == DEATHS
    assert same(killed, expected)


def test_an_import_that_restarts_at_row_0_is_seen(
    calm: tuple[ImportOutcome, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, moments = calm
    monkeypatch.setattr(envelope, "submission_id", envelope.submission_id)  # put back after
    bugs.import_restarts_at_row_0()
    assert not same(play_import(ROWS, CrashPlan([moments // 2])), expected)


@pytest.mark.skipif(not FULL, reason="ten minutes")
def test_an_import_of_ten_thousand_rows_may_die_at_any_of_them() -> None:
    expected, moments = unkilled(ALL_ROWS)
    for moment in Random(SEED).sample(range(1, moments), DEATHS):
        killed = play_import(ALL_ROWS, CrashPlan([moment]))
        assert killed.killed == 1, moment
        assert same(killed, expected), moment
