"""When an address had an automatic answer last.

A machine that answers our answers, or a person who asks for many others, gets one answer a day.
"""

from datetime import datetime, timedelta
from typing import Literal

from leadloop.model.consent import address_digest
from leadloop.model.reference import Digest, Entity, Ref

RETENTION = timedelta(days=14)  # long past the day within which it is asked for


class LastAutoResponse(Entity):
    """The last automatic answer to this address."""

    kind: Literal["answered"] = "answered"
    version: int
    at: datetime
    delivery_id: str

    @property
    def expires_at(self) -> datetime | None:
        """Two weeks after the answer."""
        return self.at + RETENTION


class LastAutoResponseRef(Ref[LastAutoResponse], partition="ANSWERED#", sort=""):
    """The last automatic answer of the kind `what` to an address."""

    address: str
    what: str

    def key_ends(self, digest: Digest) -> tuple[str, str]:
        return address_digest(self.address, digest), self.what
