"""What a person gets from an offer: a file, or the next code or seat, each given once."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from leadloop.content.policy import CodeOffer, DownloadOffer, Offer, PoolOffer, SeatOffer
from leadloop.model.offer import OfferUsage


class Grant(NamedTuple):
    """What a person gets: a code or the number of a seat, and the usage after it.

    Both are None for a download.
    """

    code: str | None
    book: OfferUsage | None


class OfferRefusal(NamedTuple):
    """Nothing is left to give; `why` is the reason."""

    why: str


def grant_offer(offer: Offer, usage: OfferUsage | None) -> Grant | OfferRefusal:
    """The next code or seat of the offer.

    The usage holds a digest of the codes that were given. If the list was changed among those, it
    gives no more codes. So two persons can never get the same code. `usage` None: none was given.
    """
    usage = usage or OfferUsage(id=offer.id, version=0)
    match offer:
        case DownloadOffer():
            return Grant(None, None)
        case SeatOffer() if usage.taken >= offer.seats:
            return OfferRefusal(f"all {offer.seats} seats are taken")
        case SeatOffer():
            return Grant(str(usage.taken + 1), usage.but(taken=usage.taken + 1))
        case CodeOffer() if _digest(offer.codes[: usage.taken]) != usage.given:
            return OfferRefusal("the codes that were given no longer stand first in the pool")
        case CodeOffer() if usage.taken >= len(offer.codes):
            return OfferRefusal(f"all {len(offer.codes)} codes are given")
        case CodeOffer():
            count = usage.taken + 1
            digest = _digest(offer.codes[:count])
            return Grant(offer.codes[usage.taken], usage.but(taken=count, given=digest))


def count_remaining(offer: PoolOffer, usage: OfferUsage | None) -> int:
    """The number of codes or seats that are left."""
    return offer.entries - (usage.taken if usage else 0)


def _digest(codes: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(codes).encode()).hexdigest()[:32] if codes else ""
