"""How many: at most so many in a sliding stretch of days, ending now."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def left(times: Iterable[datetime], most: int, per_days: float, now: datetime) -> int:
    """How many more are allowed at `now`; one that is `per_days` old to the second is out."""
    return max(0, most - len(_counted(times, per_days, now)))


def free_at(
    times: Iterable[datetime], most: int, per_days: float, now: datetime
) -> datetime | None:
    """When the next one is allowed: `now` or later; None where none ever is (`most` is 0)."""
    if most <= 0:
        return None
    counted = sorted(_counted(times, per_days, now))
    if len(counted) < most:
        return now
    return counted[-most] + timedelta(days=per_days)


def _counted(times: Iterable[datetime], per_days: float, now: datetime) -> list[datetime]:
    since = now - timedelta(days=per_days)
    return [at for at in times if at > since]  # a clock ahead of ours counts as now
