from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from leadloop.policy.limits import next_allowed_at

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
TIMES = st.lists(
    st.integers(0, 20 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes)), max_size=12
)
MOST = st.integers(1, 5)
DAYS = st.sampled_from([0.5, 1, 7, 14])


def test_three_a_week_leaves_one_after_two() -> None:
    times = [NOW - timedelta(days=8), NOW - timedelta(days=3), NOW - timedelta(hours=1)]
    assert next_allowed_at(times, 3, 7, NOW) == NOW
    assert next_allowed_at(times, 2, 7, NOW) == NOW + timedelta(days=4)


def test_what_is_exactly_as_old_as_the_stretch_is_out() -> None:
    assert next_allowed_at([NOW - timedelta(days=7)], 1, 7, NOW) == NOW


def test_what_lies_ahead_of_our_clock_counts() -> None:
    ahead = NOW + timedelta(minutes=1)
    assert next_allowed_at([ahead], 1, 7, NOW) == ahead + timedelta(days=7)


def test_none_allowed_is_never_free() -> None:
    assert next_allowed_at([], 0, 7, NOW) is None


@given(times=TIMES, most=MOST, days=DAYS)
def test_free_at_is_the_first_moment_that_is_free(
    times: list[datetime], most: int, days: float
) -> None:
    free = next_allowed_at(times, most, days, NOW)
    assert free is not None
    assert next_allowed_at(times, most, days, free) == free
    assume(free > NOW)
    assert next_allowed_at(times, most, days, free - timedelta(microseconds=1)) == free


@given(times=TIMES, most=MOST, days=DAYS)
def test_whoever_waits_for_free_at_never_exceeds_the_limit(
    times: list[datetime], most: int, days: float
) -> None:
    sent: list[datetime] = []
    for at in sorted(times):
        if next_allowed_at(sent, most, days, at) == at:
            sent.append(at)
    for at in sent:
        assert sum(at - timedelta(days=days) < other <= at for other in sent) <= most
