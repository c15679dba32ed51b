"""An alarm for what would not happen by chance, and none for what would."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.insight.health import Finding, HourCounts, binomial_cdf, health_findings, poisson_cdf
from leadloop.insight.policy import SourceHealth, UsualVolume
from leadloop.policy.calendar import Week

NOW = datetime(2026, 11, 4, 15, 20, tzinfo=UTC)  # a Wednesday
DAYTIME = Week.model_validate(dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("08:00-20:00",)))


def usual(per_hour: float, week: Week = Week(always=True)) -> SourceHealth:  # noqa: B008
    return SourceHealth(id="form", hours=(UsualVolume(week=week, zone="UTC", per_hour=per_hour),))


def came(*counts: int, accepted: int | None = None, until: int = 14) -> list[HourCounts]:
    """The last hours, the newest last; all were accepted if nothing else is said."""
    last = NOW.replace(hour=until, minute=0)
    hours = [last - timedelta(hours=back) for back in reversed(range(len(counts)))]
    return [
        HourCounts(hour, count, count if accepted is None else accepted)
        for hour, count in zip(hours, counts, strict=True)
    ]


def what(found: tuple[Finding, ...]) -> list[str]:
    return [finding.what for finding in found]


def test_a_busy_source_that_is_silent_for_an_hour_is_told_at_once() -> None:
    (finding,) = health_findings(usual(10), came(9, 11, 0), NOW)
    assert (finding.source, finding.what) == ("form", "silence")
    assert finding.text == "nothing came in 1 h, where about 10 are usual"


def test_a_quiet_source_is_not_called_silent_before_its_silence_means_something() -> None:
    assert health_findings(usual(0.5), came(*[0] * 6), NOW) == ()
    assert what(health_findings(usual(0.5), came(*[0] * 24), NOW)) == ["silence"]


def test_half_of_what_is_usual_for_a_day_is_a_drop() -> None:
    assert what(health_findings(usual(6), came(*[3] * 24), NOW)) == ["drop"]


def test_nothing_is_expected_where_no_row_is_open() -> None:
    night = came(*[0] * 5, until=5)
    assert health_findings(usual(50, DAYTIME), night, NOW) == ()


def test_many_that_are_refused_are_told_few_are_not() -> None:
    health = SourceHealth(id="form", accepted=0.8)
    assert health_findings(health, came(20, accepted=13), NOW) == ()
    assert what(health_findings(health, came(20, accepted=8), NOW)) == ["refusals"]
    assert health_findings(health, came(3, accepted=1), NOW) == ()


@pytest.mark.parametrize(
    ("until", "text"),
    [
        (date(2026, 11, 30), None),
        (date(2026, 11, 18), "the vendor's token lapses in 14 days, on 2026-11-18"),
        (date(2026, 11, 1), "the vendor's token has lapsed 3 days ago, on 2026-11-01"),
    ],
)
def test_a_token_is_told_before_it_lapses(until: date, text: str | None) -> None:
    found = health_findings(SourceHealth(id="meta", token_until=until), (), NOW)
    assert [finding.text for finding in found] == ([text] if text else [])


@given(st.floats(0.1, 200), st.integers(1, 72))
def test_who_brings_what_is_usual_is_never_told_of(per_hour: float, hours: int) -> None:
    seen = came(*[int(per_hour) + 1] * hours)
    assert health_findings(usual(per_hour), seen, NOW) == ()


def test_the_chances_are_those_of_the_tables() -> None:
    assert poisson_cdf(0, 3) == pytest.approx(0.04979, abs=1e-5)
    assert poisson_cdf(4, 10) == pytest.approx(0.02925, abs=1e-5)
    assert binomial_cdf(3, 10, 0.5) == pytest.approx(0.171875)
    assert binomial_cdf(10, 10, 0.5) == pytest.approx(1)
