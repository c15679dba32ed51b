"""A browser: what an unknown person did in it, and the person last known there."""

from datetime import datetime, timedelta
from typing import Literal

from leadloop.model.person import Touchpoint
from leadloop.model.reference import Digest, Entity, Ref

RETENTION = timedelta(days=90)  # of a browser nobody is known in, from its last visit
KNOWN_RETENTION = timedelta(days=400)  # of one whose person is known


class Visitor(Entity):
    """What is stored of a browser.

    `touches` are stored while its person is unknown. Once `lead_id` is set, all that is done there
    is the lead's. `since` is when that lead was first known here. `previous` is the lead before:
    what was done before `since` and is reported late belongs to it.
    """

    kind: Literal["visitor"] = "visitor"
    version: int
    seen_at: datetime
    touches: tuple[Touchpoint, ...] = ()
    lead_id: str | None = None
    since: datetime | None = None
    previous: str | None = None

    @property
    def expires_at(self) -> datetime | None:
        """Counted from the last visit."""
        return self.seen_at + (KNOWN_RETENTION if self.lead_id else RETENTION)


class VisitorRef(Ref[Visitor], partition="VISITOR#", sort="VISITOR"):
    """What was done in a browser, by the id that its script drew."""

    visitor: str

    def key_ends(self, digest: Digest) -> tuple[str, str]:
        return digest("visitor", self.visitor), ""
