"""Is a source well? What came is held against what usually comes, by hour.

Nobody sets a limit: an alarm is raised where what came is so little that with all well it would
happen once in a thousand hours. Counts of an hour are Poisson distributed, what is accepted of them
is binomial; so a source of two a day is not called silent at noon, and one of sixty an hour is
within minutes of the next account.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import exp, lgamma, log, log1p
from typing import Literal, NamedTuple

from leadloop.insight.policy import SourceHealth
from leadloop.model.base import Model
from leadloop.policy.calendar import is_open

WINDOWS = (1, 3, 6, 12, 24, 72)  # hours looked back
ALARM_PROBABILITY = 0.001
HOUR = timedelta(hours=1)


class HourCounts(NamedTuple):
    """One whole hour: what came, and how many of them became a lead or a touch of one."""

    hour: datetime
    received: int
    accepted: int


class Finding(Model):
    """What is not well with a source, in words for who mends it."""

    source: str
    what: Literal["silence", "drop", "refusals", "token", "count", "offer_low", "offer_gone"]
    text: str


def health_findings(
    health: SourceHealth, seen: Sequence[HourCounts], now: datetime
) -> tuple[Finding, ...]:
    """`seen` has every hour that was watched, oldest first, also those in which nothing came."""
    found = (
        _check_volume(health, seen),
        _check_acceptance(health, seen),
        _check_token(health, now),
    )
    return tuple(each for each in found if each is not None)


def compare_vendor_count(
    source: str, since: datetime, until: datetime, *, theirs: int, ours: int
) -> Finding | None:
    """The vendor counts otherwise than we do."""
    if theirs == ours:
        return None
    period = f"from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M %Z}"
    text = f"the vendor says {theirs} came {period}, and {ours} are here"
    return Finding(source=source, what="count", text=text)


def expected_count(health: SourceHealth, hour: datetime) -> float:
    """How many usually come in this hour."""
    rows = (row for row in health.hours if is_open(row.week, row.zone, hour))
    return next((row.per_hour for row in rows), 0.0)


def _check_volume(health: SourceHealth, seen: Sequence[HourCounts]) -> Finding | None:
    for hours in WINDOWS:
        window = seen[-hours:]
        usual = sum(expected_count(health, each.hour) for each in window)
        came = sum(each.received for each in window)
        if came < usual and poisson_cdf(came, usual) < ALARM_PROBABILITY:
            what: Literal["silence", "drop"] = "drop" if came else "silence"
            text = f"{came or 'nothing'} came in {len(window)} h, where about {usual:.0f} are usual"
            return Finding(source=health.id, what=what, text=text)
    return None


def _check_acceptance(health: SourceHealth, seen: Sequence[HourCounts]) -> Finding | None:
    if health.accepted is None:
        return None
    for hours in WINDOWS:
        window = seen[-hours:]
        came, taken = sum(each.received for each in window), sum(each.accepted for each in window)
        if (
            taken < came * health.accepted
            and binomial_cdf(taken, came, health.accepted) < ALARM_PROBABILITY
        ):
            usual = f"{health.accepted:.0%}"
            text = f"{taken} of {came} were accepted in {len(window)} h, where {usual} are usual"
            return Finding(source=health.id, what="refusals", text=text)
    return None


def _check_token(health: SourceHealth, now: datetime) -> Finding | None:
    if health.token_until is None:
        return None
    left = (health.token_until - now.date()).days
    if left > health.token_days:
        return None
    when = f"lapses in {left} days" if left >= 0 else f"has lapsed {-left} days ago"
    text = f"the vendor's token {when}, on {health.token_until}"
    return Finding(source=health.id, what="token", text=text)


def poisson_cdf(count: int, mean: float) -> float:
    """P(X ≤ count), X Poisson distributed."""
    return min(1.0, sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(count + 1)))


def binomial_cdf(count: int, of: int, share: float) -> float:
    """P(X ≤ count), X binomially distributed, 0 < share < 1."""
    return min(
        1.0,
        sum(
            exp(
                lgamma(of + 1)
                - lgamma(k + 1)
                - lgamma(of - k + 1)
                + k * log(share)
                + (of - k) * log1p(-share)
            )
            for k in range(count + 1)
        ),
    )
