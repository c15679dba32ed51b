"""The service level: a rep accepts a lead within some minutes of working time, or loses it."""

from datetime import datetime, timedelta

from leadloop.policy.calendar import Leave, Week, add_working_minutes
from leadloop.sales.policy import ServiceLevel


def acceptance_deadline(
    level: ServiceLevel, start: datetime, *, week: Week, zone: str, leave: tuple[Leave, ...]
) -> datetime | None:
    """The moment when the owner's working minutes are used up; None: the hours never open."""
    return add_working_minutes(week, zone, leave, start, level.accept_minutes)


def queue_review_at(level: ServiceLevel, start: datetime) -> datetime:
    """When a lead in a queue is looked at: it has no owner, so the minutes count day and night."""
    return start + timedelta(minutes=level.accept_minutes)


def is_escalated(level: ServiceLevel, takebacks: int) -> bool:
    """Whether it was taken back so often that it goes to the escalation pool."""
    return takebacks > 0 and takebacks >= level.max_takebacks
