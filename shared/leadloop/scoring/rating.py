"""The rating of a score: cold, warm or hot, by the thresholds of the playbook."""

from leadloop.model.lead import Rating
from leadloop.scoring.policy import Thresholds


def rate_score(total: int, thresholds: Thresholds) -> Rating:
    """The rating of a total; a total equal to a threshold has reached it."""
    if total >= thresholds.hot:
        return Rating.HOT
    return Rating.WARM if total >= thresholds.warm else Rating.COLD
