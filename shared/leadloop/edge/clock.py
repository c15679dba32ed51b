"""The one clock. Everywhere else the time is an argument, and so is waiting."""

import time
from datetime import UTC, datetime
from secrets import SystemRandom

_RANDOM = SystemRandom()  # a seeded one would be the same in all processes of one snapshot


def now() -> datetime:
    """The time now, in UTC and aware."""
    return datetime.now(UTC)


def pause(attempt: int) -> None:
    """Wait before try `attempt` (1, 2, …), at most a second.

    Source: "Exponential Backoff And Jitter", AWS Architecture Blog: full jitter.
    """
    time.sleep(_RANDOM.uniform(0, min(1.0, 0.025 * 2**attempt)))
