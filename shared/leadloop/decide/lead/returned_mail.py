"""May news of a mail be believed? It must be of a delivery of this lead, sent to that address.

Nothing falls back to the address that the lead has today.
"""

from collections.abc import Collection

from leadloop.decide.lead.context import DecisionContext
from leadloop.model.delivery import (
    DeliveriesRef,
    Delivery,
    DeliveryState,
    delivery_digest,
    delivery_ref,
)
from leadloop.model.facts import Change
from leadloop.model.lead_id import person_of
from leadloop.quality.email import parse_email

# While it is being sent, its news may be faster than our own note that it was sent.
SENT_STATES = frozenset({DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN})


def find_sent_mail(
    lead_id: str,
    context: DecisionContext,
    *,
    delivery_id: str | None = None,
    digest: str | None = None,
) -> Delivery | None:
    """The mail to the person that this id or digest names; None if none of that kind was sent.

    An address of ours names only the person: `lead_id` of the mail tells the lead.
    """
    if delivery_id is not None:
        delivery = context.facts.get(delivery_ref(lead_id, delivery_id))
    elif digest is not None:
        known = context.facts.get(DeliveriesRef(person_of(lead_id)))
        deliveries = known.deliveries if known is not None else ()
        delivery = next((each for each in deliveries if delivery_digest(each.id) == digest), None)
    else:
        return None
    if delivery is None or delivery.state not in SENT_STATES or delivery.address is None:
        return None
    return delivery


def went_to(delivery: Delivery, addresses: Collection[str]) -> bool:
    """Whether the mail went to one of these addresses."""
    return delivery.address is not None and _normal_form(delivery.address) in {
        _normal_form(address) for address in addresses
    }


def settle_unknown(delivery: Delivery) -> tuple[Change, ...]:
    """The change of a delivery that may have been sent, once there is news of it: it was."""
    if delivery.state is not DeliveryState.UNKNOWN:
        return ()
    after = delivery.but(
        state=DeliveryState.SENT, detail="there is news of it", version=delivery.version + 1
    )
    return (Change(delivery_ref(delivery.lead_id, delivery.id), delivery.version, after),)


def _normal_form(address: str) -> str:
    parsed = parse_email(address)
    return parsed.address if parsed else address.strip().casefold()
