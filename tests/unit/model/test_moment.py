"""Moments as callers name them: digits are a Unix time only where they can be nothing else."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from leadloop.model.base import CallerMoment, Moment

NOON = datetime(2026, 1, 6, 12, tzinfo=UTC)


@pytest.mark.parametrize("shape", [Moment, CallerMoment])
@pytest.mark.parametrize(
    "value",
    [
        *["20260106", "2026", "202601", "0", "-20260106", "+20260106", " 20260106 ", "20260106.0"],
        *["202601061200", "2026010612", "20260106120000", "2026_01_06", "2e7", "1e9"],
        *[20260106, 2026, 0, -1, 20260106.0, 2026010612, 202601061200, True],
        *["٢٠٢٦٠١٠٦", "２０２６０１０６", ""],
    ],
)
def test_digits_of_a_calendar_are_no_moment(shape: Any, value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(shape).validate_python(value)


@pytest.mark.parametrize("shape", [Moment, CallerMoment])
@pytest.mark.parametrize(
    "value",
    [
        *["2026-01-06T12:00:00Z", "2026-01-06T13:00:00+01:00", "2026-01-06 12:00:00Z"],
        *[str(int(NOON.timestamp())), int(NOON.timestamp()), NOON.timestamp()],
        *[int(NOON.timestamp() * 1000), f"{NOON.timestamp():.3f}", NOON],
    ],
)
def test_a_moment_is_read_as_it_is_written(shape: Any, value: object) -> None:
    assert TypeAdapter(shape).validate_python(value) == NOON


def test_a_day_with_dashes_is_one_where_no_zone_is_asked() -> None:
    assert TypeAdapter(CallerMoment).validate_python("2026-01-06") == datetime(2026, 1, 6)  # noqa: DTZ001  the caller's zone comes after
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python("2026-01-06")


def test_the_refusal_says_how_to_write_it() -> None:
    with pytest.raises(ValidationError, match="2026-01-06T09:00:00Z"):
        TypeAdapter(Moment).validate_python("20260106")
