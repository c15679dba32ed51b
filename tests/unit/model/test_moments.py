"""A day without dashes is no moment of 1970."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from leadloop.intake.replay import Filter
from leadloop.model.base import Moment, SentMoment

SHORT = ["20260106", "2026", "202601", "+20260106", "20260106.0", 20260106, 2026.0, " 2026 ", "0"]
HOURS = ["2026010612", 2026010612, "202601061200", 202601061200, "20260106120000"]
WHOLE = [
    "2026-01-06T00:00:00Z",
    "2026-01-06T01:00:00+01:00",
    "1767657600",
    1767657600,
    1767657600000,
]


@pytest.mark.parametrize("kind", [Moment, SentMoment])
@pytest.mark.parametrize("sent", [*SHORT, *HOURS])
def test_a_day_without_dashes_is_refused(kind: Any, sent: object) -> None:
    with pytest.raises(ValidationError, match="with dashes"):
        TypeAdapter(kind).validate_python(sent)


@pytest.mark.parametrize("sent", WHOLE)
def test_a_whole_moment_and_a_unix_time_are_taken(sent: object) -> None:
    adapter = TypeAdapter[datetime](Moment)
    assert adapter.validate_python(sent) == datetime(2026, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_replay_names_a_whole_moment(name: str) -> None:
    with pytest.raises(ValidationError, match="with dashes"):
        Filter.model_validate({name: "20260106"})
