"""What becomes of a lead that sales hands back, or of a deal that is lost."""

from datetime import datetime, timedelta

from leadloop.model.lifecycle import Move
from leadloop.sales.policy import Lifecycle


def rejection_move(lifecycle: Lifecycle, reason: str) -> Move | None:
    """The move a reason stands for; None when the playbook has no such reason."""
    found = next((row for row in lifecycle.reject_reasons if row.id == reason), None)
    if found is None:
        return None
    return Move.REJECT if found.to == "nurturing" else Move.REJECT_FOR_GOOD


def has_loss_reason(lifecycle: Lifecycle, reason: str) -> bool:
    """Is it a reason of the playbook?"""
    return any(row.id == reason for row in lifecycle.lost_reasons)


def recycle_at(
    lifecycle: Lifecycle, reason: str | None, cycle: int, lost: datetime
) -> datetime | None:
    """When a lost lead is worked again; None: never, by its reason or since its cycles are used.

    No `reason`: nobody told.
    """
    waits = {row.id: row.wait_days for row in lifecycle.lost_reasons}
    wait = lifecycle.wait_days if reason is None else waits.get(reason)
    if wait is None or cycle >= lifecycle.max_cycles:
        return None
    return lost + timedelta(days=wait)
