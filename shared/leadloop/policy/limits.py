"""How many: at most so many in a sliding stretch of days, ending now."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def next_allowed_at(
    times: Iterable[datetime], most: int, per_days: float, now: datetime
) -> datetime | None:
    """When the next one is allowed: `now` or later; None where none ever is (`most` is 0).

    One that is `per_days` old to the second is out; a clock ahead of ours counts as now.
    """
    if most <= 0:
        return None
    since = now - timedelta(days=per_days)
    counted = sorted(at for at in times if at > since)
    if len(counted) < most:
        return now
    return counted[-most] + timedelta(days=per_days)
