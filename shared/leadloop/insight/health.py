"""The health of a source: the counts of each hour are compared with the usual ones.

There is no limit to set. An alarm is raised if a healthy source would bring so little only once in
a thousand hours. Counts per hour are Poisson distributed, and the accepted share is binomial. So a
source with two submissions a day is not called silent at noon, but one with sixty an hour is at the
next check.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import exp, lgamma, log, log1p
from typing import Literal, NamedTuple

from leadloop.insight.policy import SourceHealth
from leadloop.model.base import Model
from leadloop.policy.calendar import is_open

WINDOWS = (1, 3, 6, 12, 24, 72)  # hours before now
ALARM_PROBABILITY = 0.001
HOUR = timedelta(hours=1)


class HourCounts(NamedTuple):
    """The counts of one whole hour. `accepted` became a lead or a touch of one."""

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
    """What is wrong with a source now.

    `seen` has every hour that was watched, oldest first, also hours in which nothing came.
    """
    findings = (
        _check_volume(health, seen),
        _check_acceptance(health, seen),
        _check_token(health, now),
    )
    return tuple(each for each in findings if each is not None)


def compare_vendor_count(
    source: str, since: datetime, until: datetime, *, theirs: int, ours: int
) -> Finding | None:
    """A finding if the vendor counts other leads than we; None: the counts are equal."""
    if theirs == ours:
        return None
    period = f"from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M %Z}"
    text = f"the vendor says {theirs} came {period}, and {ours} are here"
    return Finding(source=source, what="count", text=text)


def expected_count(health: SourceHealth, hour: datetime) -> float:
    """The number of submissions that usually come in the hour that begins at `hour`."""
    rows = (row for row in health.hours if is_open(row.week, row.zone, hour))
    return next((row.per_hour for row in rows), 0.0)


def _check_volume(health: SourceHealth, seen: Sequence[HourCounts]) -> Finding | None:
    for hours in WINDOWS:
        window = seen[-hours:]
        usual = sum(expected_count(health, each.hour) for each in window)
        received = sum(each.received for each in window)
        if received < usual and poisson_cdf(received, usual) < ALARM_PROBABILITY:
            what: Literal["silence", "drop"] = "drop" if received else "silence"
            count = received or "nothing"
            text = f"{count} came in {len(window)} h, where about {usual:.0f} are usual"
            return Finding(source=health.id, what=what, text=text)
    return None


def _check_acceptance(health: SourceHealth, seen: Sequence[HourCounts]) -> Finding | None:
    if health.accepted is None:
        return None
    for hours in WINDOWS:
        window = seen[-hours:]
        received = sum(each.received for each in window)
        accepted = sum(each.accepted for each in window)
        if (
            accepted < received * health.accepted
            and binomial_cdf(accepted, received, health.accepted) < ALARM_PROBABILITY
        ):
            share = f"{accepted} of {received} were accepted in {len(window)} h"
            text = f"{share}, where {health.accepted:.0%} are usual"
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
    """P(X ≤ count) for a Poisson distributed X with this mean, which is above 0."""
    return min(1.0, sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(count + 1)))


def binomial_cdf(count: int, of: int, share: float) -> float:
    """P(X ≤ count) for a binomial X of `of` trials with probability `share`, 0 < share < 1."""
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
