"""The timer of a lead, or of a waiting delivery, is due."""

from datetime import datetime
from typing import Literal

from leadloop.model.base import Model
from leadloop.model.lead import TimerKind


class Due(Model):
    """A timer that is due. `at` is the time in the index: if the timer moved since, this is stale.

    `delivery_id` is set for `retry` only.
    """

    kind: Literal["due"] = "due"
    timer: TimerKind
    lead_id: str
    at: datetime
    delivery_id: str | None = None

    @property
    def id(self) -> str:
        """The trigger's id: the same for every copy of one due."""
        return f"due:{self.lead_id}:{self.delivery_id or ''}:{self.timer}:{self.at.isoformat()}"
