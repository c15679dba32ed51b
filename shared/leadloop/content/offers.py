"""What a person gets for asking: the next entry of a pool, each given once."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from leadloop.content.policy import CodeOffer, DownloadOffer, Offer, PoolOffer, SeatOffer
from leadloop.model.account import OfferUsage


class Grant(NamedTuple):
    """What is given: `code` of a pool or the seat's number, and the pool's book after it."""

    code: str | None
    book: OfferUsage | None


class OfferExhausted(NamedTuple):
    """Nothing to give, and why."""

    why: str


def grant_offer(offer: Offer, book: OfferUsage | None) -> Grant | OfferExhausted:
    """The next one; a list of codes that was changed where it was given from gives none.

    The book knows the codes given by their digest, so that a code put before them, or taken out,
    can never make two persons share one.
    """
    book = book or OfferUsage(id=offer.id, version=0)
    match offer:
        case DownloadOffer():
            return Grant(None, None)
        case SeatOffer() if book.taken >= offer.seats:
            return OfferExhausted(f"all {offer.seats} seats are taken")
        case SeatOffer():
            return Grant(str(book.taken + 1), book.but(taken=book.taken + 1))
        case CodeOffer() if _digest(offer.codes[: book.taken]) != book.given:
            return OfferExhausted("the codes that were given no longer stand first in the pool")
        case CodeOffer() if book.taken >= len(offer.codes):
            return OfferExhausted(f"all {len(offer.codes)} codes are given")
        case CodeOffer():
            taken = book.taken + 1
            given = _digest(offer.codes[:taken])
            return Grant(offer.codes[book.taken], book.but(taken=taken, given=given))


def count_remaining(offer: PoolOffer, book: OfferUsage | None) -> int:
    """How many there are still to give."""
    return offer.entries - (book.taken if book else 0)


def _digest(codes: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(codes).encode()).hexdigest()[:32] if codes else ""
