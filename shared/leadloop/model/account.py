"""The company behind a person, known by its own mail domain; and the pool's book of its reps."""

from datetime import date, datetime
from typing import Literal

from leadloop.model.base import Model


class Account(Model):
    """Written when somebody takes ownership of it (accept) or it becomes a customer (win)."""

    kind: Literal["account"] = "account"
    id: str  # the registrable domain
    version: int
    pool: str | None = None
    rep: str | None = None
    customer_since: datetime | None = None


class RepLoad(Model):
    """`open` leads held now; `taken` on the calendar day `period` of the rep's own zone; `share`.

    `share` is the rep's balance of the fair-share order: + is owed, - has had more.
    """

    open: int = 0
    taken: int = 0
    period: date | None = None
    share: int = 0


class Pool(Model):
    """One item per pool; whoever changes an owner or frees a lead writes it along."""

    kind: Literal["pool"] = "pool"
    id: str
    version: int
    reps: dict[str, RepLoad] = {}


class OfferUsage(Model):
    """How many of an offer's pool are `taken`; `given` is the digest of the codes given so far."""

    kind: Literal["offer"] = "offer"
    id: str
    version: int
    taken: int = 0
    given: str = ""


class Claim(Model):
    """A normalised e-mail or phone is one person's: the lead's."""

    kind: Literal["claim"] = "claim"
    version: int = 1
    lead_id: str


class LastAutoResponse(Model):
    """The last automatic answer to this address: who asks in a loop, or for others, gets one."""

    kind: Literal["answered"] = "answered"
    version: int
    at: datetime
    delivery_id: str


class Suppression(Model):
    """A stop: nothing of this scope is said to this address. Put once, never moved."""

    kind: Literal["suppression"] = "suppression"
    version: int = 1
    why: str
    at: datetime
