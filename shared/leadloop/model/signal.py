"""One observed act of a person, or one event of a mail."""

from datetime import datetime
from typing import Literal

from leadloop.model.base import Model

CONFIRM_SIGNAL = "confirm"  # the address says yes to what was asked in its name


class Signal(Model):
    """`signal` is a word of the playbook (click, open, reply, bounce, complaint, unsubscribe, …).

    `id` is the same for every copy of one event. A signal that is not `confirmed` (a GET that a
    machine may have made) goes to the lake and changes nothing.

    News of a mail names the delivery by its id, or by the digest in an address of ours.
    `recipients` are the addresses that it is about, as the other side names them.
    """

    kind: Literal["signal"] = "signal"
    id: str
    signal: str
    lead_id: str | None = None
    visitor: str | None = None
    at: datetime
    confirmed: bool
    delivery_id: str | None = None
    delivery_digest: str | None = None
    recipients: tuple[str, ...] = ()
    user_agent: str | None = None
    detail: str | None = None
    ignored: tuple[str, ...] = ()  # names in the query of its request, which nothing takes
