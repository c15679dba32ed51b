"""What `deliver` is about to do with a delivery, or how that ended."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from leadloop.model.base import Model


class SendStatus(StrEnum):
    """`sending` claims the delivery before anything is sent; the others tell how it ended."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # nothing was sent: it may be tried again
    REFUSED = "refused"  # will never work: address refused, template broken
    UNKNOWN = "unknown"  # may have been sent: never sent again by itself


class Report(Model):
    """One report. `claim` names an invocation of `deliver`; another claim is of a run that died."""

    kind: Literal["report"] = "report"
    id: str
    lead_id: str
    delivery_id: str
    met: SendStatus
    claim: str
    at: datetime
    detail: str | None = None
