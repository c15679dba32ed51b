"""How much of an offer is used up."""

from datetime import datetime, timedelta
from typing import Literal

from leadloop.model.reference import Digest, Entity, Ref


class OfferUsage(Entity):
    """`taken` counts the codes or seats that are used; `given` is the digest of the codes."""

    kind: Literal["offer"] = "offer"
    id: str
    version: int
    taken: int = 0
    given: str = ""


class OfferRef(Ref[OfferUsage], partition="OFFER#", sort="OFFER"):
    """What is used of an offer; nothing is there before its first use."""

    offer: str

    def key_ends(self, _digest: Digest) -> tuple[str, str]:
        return self.offer, ""


class OfferRequestCount(Entity):
    """How many requests for codes or seats came from one form, or one network, in an hour."""

    kind: Literal["asked"] = "asked"
    version: int
    count: int
    at: datetime

    @property
    def expires_at(self) -> datetime | None:
        """A day after the first request of the hour."""
        return self.at + timedelta(days=1)


class OfferRequestCountRef(Ref[OfferRequestCount], partition="ASKED#", sort=""):
    """The requests from `place`, a form's id or a network, in an hour such as `2026-03-02T09`."""

    place: str
    hour: str

    def key_ends(self, digest: Digest) -> tuple[str, str]:
        return digest("place", self.place), self.hour
