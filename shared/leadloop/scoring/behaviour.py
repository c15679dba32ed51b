"""Points for what the person did. Each signal gives `sum(points * 2 ** -(age / half_life))`.

The sum is computed whenever the score is needed, because points fade with time.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import floor

from leadloop.model.lead import Points
from leadloop.model.person import Touchpoint
from leadloop.scoring.policy import BehaviourRule

MOST_DIGITS = 9  # of a sum of points, behind the point


def behaviour_points(
    rules: Iterable[BehaviourRule], touchpoints: Iterable[Touchpoint], now: datetime
) -> tuple[Points, ...]:
    """A row for each signal that still gives at least half a point, rounded half up.

    Touchpoints are added in order of time, so the order of arrival does not change the sum.
    """
    ordered = sorted(touchpoints, key=lambda touch: (touch.at, touch.id))
    rows = []
    for rule in rules:
        ages = [
            max(now - touch.at, timedelta()) for touch in ordered if touch.signal == rule.signal
        ]
        if not ages:
            continue
        half_life = timedelta(days=rule.half_life_days)
        worth = sum(rule.points * 2.0 ** -(age / half_life) for age in ages)
        # A libm may be off in the last digit: it must not move a sum over the edge.
        points = floor(round(max(-rule.limit, min(rule.limit, worth)), MOST_DIGITS) + 0.5)
        if points:
            times = "once" if len(ages) == 1 else f"{len(ages)} times"
            rows.append(
                Points(
                    rule=f"signal:{rule.signal}", points=points, reason=f"{rule.reason} ({times})"
                )
            )
    return tuple(rows)
