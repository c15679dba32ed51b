"""What time brings: a timer of a lead, or of a waiting delivery, has come."""

from datetime import datetime
from typing import Literal

from leadloop.model.base import Model
from leadloop.model.lead import TimerKind


class Due(Model):
    """`at` is the time the index showed; a timer moved since then makes this one stale.

    `delivery_id` is set for `retry` only.
    """

    kind: Literal["due"] = "due"
    timer: TimerKind
    lead_id: str
    at: datetime
    delivery_id: str | None = None

    @property
    def id(self) -> str:
        """Derived, so that every copy of one due is the same trigger."""
        return f"due:{self.lead_id}:{self.delivery_id or ''}:{self.timer}:{self.at.isoformat()}"
