"""What `deliver` is about to do with a delivery, or has met."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from leadloop.model.base import Model


class SendStatus(StrEnum):
    """`sending` claims the delivery before a word is said; the others tell how it ended."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # may be tried again: nothing left the house
    REFUSED = "refused"  # will never work: address refused, template broken
    UNKNOWN = "unknown"  # may have left the house: never sent again by itself


class Report(Model):
    """`claim` is made per invocation of `deliver`: a foreign claim is a run that died."""

    kind: Literal["report"] = "report"
    id: str
    lead_id: str
    delivery_id: str
    met: SendStatus
    claim: str
    at: datetime
    detail: str | None = None
