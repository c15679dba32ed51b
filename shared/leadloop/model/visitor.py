"""A browser: what somebody nobody knows did with it, and who was known in it last."""

from datetime import datetime
from typing import Literal

from leadloop.model.base import Model
from leadloop.model.lead import Touchpoint


class Visitor(Model):
    """`touches` are kept while nobody is known; once `lead_id` is, what is done is the lead's.

    `since` is when that person was known here first, and `previous` who was before: what was done
    earlier and is told late is theirs.
    """

    kind: Literal["visitor"] = "visitor"
    version: int
    seen_at: datetime
    touches: tuple[Touchpoint, ...] = ()
    lead_id: str | None = None
    since: datetime | None = None
    previous: str | None = None
