"""What happens to a lead that sales rejects, and to a lost opportunity."""

from datetime import datetime, timedelta

from leadloop.model.lifecycle import Move
from leadloop.sales.policy import Lifecycle


def rejection_move(lifecycle: Lifecycle, reason: str) -> Move | None:
    """The lifecycle move of a rejection reason; None: the playbook has no such reason."""
    row = next((row for row in lifecycle.reject_reasons if row.id == reason), None)
    if row is None:
        return None
    return Move.REJECT if row.to == "nurturing" else Move.REJECT_FOR_GOOD


def has_loss_reason(lifecycle: Lifecycle, reason: str) -> bool:
    """Whether the playbook has this loss reason."""
    return any(row.id == reason for row in lifecycle.lost_reasons)


def recycle_at(
    lifecycle: Lifecycle, reason: str | None, cycle: int, lost_at: datetime
) -> datetime | None:
    """The time at which a lost lead is worked again; None: never.

    Never means: its reason says so, or its cycles are used up. `reason` None: it is unknown.
    """
    waits = {row.id: row.wait_days for row in lifecycle.lost_reasons}
    wait = lifecycle.wait_days if reason is None else waits.get(reason)
    if wait is None or cycle >= lifecycle.max_cycles:
        return None
    return lost_at + timedelta(days=wait)
