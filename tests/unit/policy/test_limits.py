from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from leadloop.policy.limits import free_at, left

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
TIMES = st.lists(
    st.integers(0, 20 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes)), max_size=12
)
MOST = st.integers(1, 5)
DAYS = st.sampled_from([0.5, 1, 7, 14])


def test_three_a_week_leaves_one_after_two() -> None:
    times = [NOW - timedelta(days=8), NOW - timedelta(days=3), NOW - timedelta(hours=1)]
    assert left(times, 3, 7, NOW) == 1
    assert left(times, 2, 7, NOW) == 0
    assert free_at(times, 2, 7, NOW) == NOW + timedelta(days=4)


def test_what_is_exactly_as_old_as_the_stretch_is_out() -> None:
    assert left([NOW - timedelta(days=7)], 1, 7, NOW) == 1


def test_what_lies_ahead_of_our_clock_counts() -> None:
    assert left([NOW + timedelta(minutes=1)], 1, 7, NOW) == 0


def test_none_allowed_is_never_free() -> None:
    assert left([], 0, 7, NOW) == 0
    assert free_at([], 0, 7, NOW) is None


@given(times=TIMES, most=MOST, days=DAYS)
def test_free_at_is_the_first_moment_with_one_left(
    times: list[datetime], most: int, days: float
) -> None:
    free = free_at(times, most, days, NOW)
    assert free is not None
    assert left(times, most, days, free) > 0
    assume(free > NOW)
    assert left(times, most, days, free - timedelta(microseconds=1)) == 0
    assert left(times, most, days, NOW) == 0


@given(times=TIMES, most=MOST, days=DAYS)
def test_whoever_waits_for_free_at_never_exceeds_the_limit(
    times: list[datetime], most: int, days: float
) -> None:
    sent: list[datetime] = []
    for at in sorted(times):
        if left(sent, most, days, at):
            sent.append(at)
    for at in sent:
        assert sum(at - timedelta(days=days) < other <= at for other in sent) <= most
