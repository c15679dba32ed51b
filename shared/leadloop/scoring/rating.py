"""Cold, warm, hot; by the thresholds that marketing and sales agreed."""

from leadloop.model.lead import Rating
from leadloop.scoring.policy import Thresholds


def rate_score(total: int, thresholds: Thresholds) -> Rating:
    """A total on a threshold has reached it."""
    if total >= thresholds.hot:
        return Rating.HOT
    return Rating.WARM if total >= thresholds.warm else Rating.COLD
