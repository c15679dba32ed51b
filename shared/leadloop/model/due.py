"""A lead, or a waiting delivery, is due."""

from datetime import datetime
from typing import Literal

from leadloop.model.base import Model
from leadloop.model.lead import TimerKind


class Due(Model):
    """What the index shows as due: the earliest timer of a lead, or the next try of a delivery.

    It is a hint to look: all that is due of the lead by then is done in one turn. If that timer
    has moved since then, this is stale. `key` is the timer's; items of shape 1 have none. `at` is
    the time in the index. `delivery_id` is set for `retry` only.
    """

    kind: Literal["due"] = "due"
    timer: TimerKind
    key: str = ""
    lead_id: str
    at: datetime
    delivery_id: str | None = None

    @property
    def id(self) -> str:
        """The trigger's id: the same for every copy of one due."""
        timer = f"{self.timer}|{self.key}" if self.key else str(self.timer)
        return f"due:{self.lead_id}:{self.delivery_id or ''}:{timer}:{self.at.isoformat()}"
