"""The one clock of the product; everywhere else time is an argument, and so is waiting."""

import time
from datetime import UTC, datetime
from secrets import SystemRandom

_RANDOM = SystemRandom()  # a seeded one would be the same in all that wake from one snapshot


def now() -> datetime:
    """Aware, in UTC."""
    return datetime.now(UTC)


def pause(tried: int) -> None:
    """Full jitter before try `tried` (1, 2, …): those who collided once do not meet again."""
    time.sleep(_RANDOM.uniform(0, min(1.0, 0.025 * 2**tried)))
