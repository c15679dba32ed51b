"""One thing handed to one party by one channel, at most once."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from leadloop.model.reference import Digest, Entity, Ref


class Purpose(StrEnum):
    """Why we speak: decides which consent and which limits are asked."""

    REP_ALERT = "rep_alert"
    NURTURE = "nurture"
    AUTO_RESPONSE = "auto_response"
    OFFER = "offer"

    @property
    def is_marketing(self) -> bool:
        """Needs consent, minds limits and hours, and goes out with an unsubscribe link."""
        return self is Purpose.NURTURE

    @property
    def is_answer(self) -> bool:
        """The person has asked for it just now."""
        return self in (Purpose.AUTO_RESPONSE, Purpose.OFFER)


class DeliveryState(StrEnum):
    """`ready` and `waiting` will be tried; the other four are ends, but `sending` while it runs."""

    READY = "ready"
    SENDING = "sending"
    WAITING = "waiting"  # until `retry_at`, then ready again
    SENT = "sent"
    DROPPED = "dropped"  # we decided not to say it: consent, stop, too late
    FAILED = "failed"
    UNKNOWN = "unknown"  # may have left the house; shown to people, never resent by itself


class Delivery(Entity):
    """`rep` is the addressee of a rep's mail; without it, it goes to the person of the lead.

    `id` is `<trigger id>#<n>`. `data` are the words the template needs and the lead cannot tell
    later (why hot, why theirs). `claim` is the invocation that is sending or has sent.
    """

    kind: Literal["delivery"] = "delivery"
    id: str
    version: int
    lead_id: str
    purpose: Purpose
    channel: str
    template: str
    language: str
    created_at: datetime
    rep: str | None = None
    not_after: datetime | None = None
    sequence: str | None = None
    step: str | None = None
    offer: str | None = None
    data: dict[str, str] = {}
    state: DeliveryState = DeliveryState.READY
    claim: str | None = None
    address: str | None = None  # where it went, since the claim; what bounces later is this one
    claimed_at: datetime | None = None  # counts among the lead's `sends`, unless nothing left
    attempts: int = 0
    retry_at: datetime | None = None
    detail: str | None = None


class DeliveryRef(Ref[Delivery], partition="S#", sort="D#"):
    """A delivery, beside the lead it is about."""

    lead_id: str
    delivery_id: str

    def key_ends(self, _digest: Digest) -> tuple[str, str]:
        return self.lead_id, self.delivery_id
