"""A rep has so many minutes of working time; whoever lets them pass loses the lead."""

from datetime import datetime, timedelta

from leadloop.policy.calendar import Leave, Week, add_working_minutes
from leadloop.sales.policy import ServiceLevel


def acceptance_deadline(
    level: ServiceLevel, start: datetime, *, week: Week, zone: str, leave: tuple[Leave, ...]
) -> datetime | None:
    """The moment the owner's working minutes are used up; None: hours that never open."""
    return add_working_minutes(week, zone, leave, start, level.accept_minutes)


def queue_review_at(level: ServiceLevel, start: datetime) -> datetime:
    """A lead in a queue has no owner whose hours could count: it is looked at by the clock."""
    return start + timedelta(minutes=level.accept_minutes)


def is_escalated(level: ServiceLevel, takebacks: int) -> bool:
    """Has it been taken back so often that it goes to the pool that must answer?"""
    return takebacks > 0 and takebacks >= level.max_takebacks
