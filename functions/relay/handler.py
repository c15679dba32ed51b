"""A record of the table's stream → the deliveries queue or the lake.

Nothing is decided here: the event source's filter lets through ready deliveries and new events.
Records after a failed one come again with it; queue and lake know a delivery or an event by its id.
"""

from functools import partial

from leadloop.edge.cold_start import freeze_gc  # isort: split

from collections.abc import Mapping, Sequence
from typing import Any

from leadloop.edge import batches
from leadloop.edge.problems import AttemptSuccess, attempt
from leadloop.edge.queue_messages import ReadyDelivery
from leadloop.edge.telemetry import log_call
from leadloop.edge.wiring import get_wiring
from leadloop.model.delivery import Delivery
from leadloop.model.event import Event, TimelineEntry
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
        match attempt("Reading the stream", partial(_items_to_relay, change["NewImage"])):
            case AttemptSuccess(items):
                deliveries += [(number, item) for item in items if isinstance(item, ReadyDelivery)]
                events += [(number, item) for item in items if isinstance(item, Event)]
            case _:
                failed.add(number)
    rejected_deliveries = get_wiring().deliveries.write_all([item for _, item in deliveries])
    rejected_events = get_wiring().lake.write_all([item for _, item in events])
    failed |= {deliveries[position][0] for position in rejected_deliveries}
    failed |= {events[position][0] for position in rejected_events}
    log_call(
        "Relayed", {"Deliveries": len(deliveries), "Events": len(events), "Failed": len(failed)}
    )
    return batches.build_response(failed)


def _items_to_relay(image: Mapping[str, Mapping[str, str]]) -> tuple[ReadyDelivery | Event, ...]:
    match from_stream(image):
        case Delivery(id=delivery_id, lead_id=lead_id):
            return (ReadyDelivery(lead_id=lead_id, delivery_id=delivery_id),)
        case TimelineEntry(events=events) | Record(events=events):
            return events
        case _:
            return ()
