"""How much of an offer is used up."""

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
