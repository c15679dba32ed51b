"""One observed act of a person, or one event of a mail."""

from datetime import datetime
from typing import Literal

from leadloop.model.base import Model

CONFIRM_SIGNAL = "confirm"  # the address says yes to what was asked in its name


class Signal(Model):
    """`signal` is a word of the playbook (click, open, reply, bounce, complaint, unsubscribe, …).

    `id` is the same for every copy of one event. A signal that is not `confirmed` (a GET that a
    machine may have made) goes to the lake and changes nothing.
    """

    kind: Literal["signal"] = "signal"
    id: str
    signal: str
    lead_id: str | None = None
    visitor: str | None = None
    at: datetime
    confirmed: bool
    delivery_id: str | None = None
    user_agent: str | None = None
    detail: str | None = None
