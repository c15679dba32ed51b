"""Frequency limits: at most so many events in the last days."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def next_allowed_at(
    times: Iterable[datetime], most: int, per_days: float, now: datetime
) -> datetime | None:
    """The moment when the next event is allowed: `now` or later; None: never (`most` is 0).

    `times` are those of the earlier events. An event that is exactly `per_days` old does not
    count. One in the future, by a clock ahead of ours, counts.
    """
    if most <= 0:
        return None
    since = now - timedelta(days=per_days)
    counted = sorted(at for at in times if at > since)
    if len(counted) < most:
        return now
    return counted[-most] + timedelta(days=per_days)
