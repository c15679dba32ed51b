"""A record of the table's stream → the deliveries queue or the lake.

Nothing is decided here: the event source's filter lets through deliveries and new events. Each
change of a delivery is an event of the lake. Records after a failed one come again with it; queue
and lake know a delivery or an event by its id.
"""

from functools import partial

from leadloop.edge.cold_start import freeze_gc  # isort: split

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from leadloop.edge import batches
from leadloop.edge.problems import AttemptSuccess, attempt
from leadloop.edge.queue_messages import ReadyDelivery
from leadloop.edge.telemetry import log_call
from leadloop.edge.wiring import get_wiring
from leadloop.model.delivery import Delivery, DeliveryState
from leadloop.model.event import Event, TimelineEntry
from leadloop.model.events.catalogue import build_event, fill_defaults
from leadloop.model.events.messages import DeliveryChanged
from leadloop.model.lead import Record
from leadloop.store.items import from_stream


@freeze_gc
def handler(
    event: Mapping[str, Sequence[Mapping[str, Any]]], _context: object
) -> batches.BatchResponse:
    """Relay the records of a batch; one whose items are rejected comes again."""
    failed: set[str] = set()
    deliveries: list[tuple[str, ReadyDelivery]] = []  # each with the number of its record
    events: list[tuple[str, Event]] = []
    for record in event["Records"]:
        change = record["dynamodb"]
        number = change["SequenceNumber"]
        match attempt("Reading the stream", partial(_items_to_relay, change)):
            case AttemptSuccess(items):
                deliveries += [(number, item) for item in items if isinstance(item, ReadyDelivery)]
                events += [(number, item) for item in items if isinstance(item, Event)]
            case _:
                failed.add(number)
    rejected_deliveries = get_wiring().deliveries.put_all([item for _, item in deliveries])
    rejected_events = get_wiring().lake.put_all([item for _, item in events])
    failed |= {deliveries[position][0] for position in rejected_deliveries}
    failed |= {events[position][0] for position in rejected_events}
    log_call(
        "Relayed", {"Deliveries": len(deliveries), "Events": len(events), "Failed": len(failed)}
    )
    return batches.build_response(failed)


def _items_to_relay(change: Mapping[str, Any]) -> tuple[ReadyDelivery | Event, ...]:
    match from_stream(change["NewImage"]):
        case Delivery() as delivery:
            changed_at = datetime.fromtimestamp(change["ApproximateCreationDateTime"], UTC)
            event = _delivery_event(delivery, changed_at)
            if delivery.state is not DeliveryState.READY:
                return (event,)
            return ReadyDelivery(lead_id=delivery.lead_id, delivery_id=delivery.id), event
        case TimelineEntry(events=events) | Record(events=events):
            return tuple(map(fill_defaults, events))
        case _:
            return ()


def _delivery_event(delivery: Delivery, changed_at: datetime) -> Event:
    """The event of the delivery's latest change. `detail` may name the address: it stays here."""
    details = DeliveryChanged(
        delivery=delivery.id,
        state=delivery.state,
        purpose=delivery.purpose,
        channel=delivery.channel,
        template=delivery.template,
        attempts=delivery.attempts,
        owner=delivery.rep,
        sequence=delivery.sequence,
        step=delivery.step,
        offer=delivery.offer,
    )
    event = build_event(
        details,
        event_id=f"{delivery.id}@{delivery.version}",
        at=changed_at,
        cause=delivery.id.rpartition("#")[0],
        lead_id=delivery.lead_id,
    )
    return fill_defaults(event)
