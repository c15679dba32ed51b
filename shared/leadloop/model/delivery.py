"""One message to one party by one channel, sent at most once."""

import base64
import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Literal

from leadloop.model.lead_id import person_of
from leadloop.model.reference import Digest, Entity, Ref


class Purpose(StrEnum):
    """Why a message is sent; it decides which consent and which limits apply."""

    REP_ALERT = "rep_alert"
    NURTURE = "nurture"
    AUTO_RESPONSE = "auto_response"
    OFFER = "offer"
    CONFIRMATION = "confirmation"

    @property
    def is_marketing(self) -> bool:
        """Whether it needs consent, minds limits and hours, and has an unsubscribe link."""
        return self is Purpose.NURTURE

    @property
    def is_answer(self) -> bool:
        """Whether it answers what the person has just asked for."""
        return self in (Purpose.AUTO_RESPONSE, Purpose.OFFER, Purpose.CONFIRMATION)


class DeliveryState(StrEnum):
    """`ready` and `waiting` will be tried, `sending` is running, the other four are final."""

    READY = "ready"
    SENDING = "sending"
    WAITING = "waiting"  # until `retry_at`, then ready again
    SENT = "sent"
    DROPPED = "dropped"  # we decided not to send it: consent, stop, too late
    FAILED = "failed"
    UNKNOWN = "unknown"  # may have been sent; people see it, and it is never sent again by itself


class Delivery(Entity):
    """A message to a rep (`rep`), or else to the person of the lead.

    `id` is `<trigger id>#<n>`. `data` are texts for the template that the lead cannot tell later
    (why it is hot, why it is this rep's). `claim` is the invocation that is sending or has sent.
    `playbook` is the version whose template is sent; None: the live one's.
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
    playbook: str | None = None
    offer: str | None = None
    data: dict[str, str] = {}
    state: DeliveryState = DeliveryState.READY
    claim: str | None = None
    address: str | None = None  # where it was sent, set by the claim; a later bounce is of this one
    claimed_at: datetime | None = None  # counts among the lead's `sends`, unless nothing was sent
    attempts: int = 0
    retry_at: datetime | None = None
    detail: str | None = None


class DeliveryRef(Ref[Delivery], partition="S#", sort="D#"):
    """A delivery, beside the person whose lead it is about."""

    person_id: str
    delivery_id: str

    def key_ends(self, _digest: Digest) -> tuple[str, str]:
        return self.person_id, self.delivery_id


def delivery_ref(lead_id: str, delivery_id: str) -> DeliveryRef:
    """Where the delivery about a lead lies."""
    return DeliveryRef(person_of(lead_id), delivery_id)


class LeadDeliveries(Entity):
    """Every delivery of one person, as a fact that decisions read and never write."""

    deliveries: tuple[Delivery, ...]


class DeliveriesRef(Ref[LeadDeliveries], partition="S#", sort="D#*"):
    """All deliveries of a person: no item, but a range of them."""

    person_id: str

    def key_ends(self, _digest: Digest) -> tuple[str, str]:
        return self.person_id, ""


DIGEST_LENGTH = 7  # characters of base32; a person has some dozens of deliveries


def delivery_digest(delivery_id: str) -> str:
    """A short form of the id, for addresses; it tells apart the deliveries of one person."""
    digest = hashlib.sha256(delivery_id.encode()).digest()
    return base64.b32encode(digest).decode()[:DIGEST_LENGTH].lower()
