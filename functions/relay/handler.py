"""A record of the table's stream → the deliveries queue or the lake.

Nothing is judged here: the event source's filter lets through ready deliveries and new events.
Records after a failed one come again with it; both ends know a delivery or an event by its id.
"""

from leadloop.edge.cold_start import ready  # isort: split

from collections.abc import Mapping, Sequence
from typing import Any

from leadloop.edge import batches
from leadloop.edge.problems import Done, attempt
from leadloop.edge.queue_messages import Ready
from leadloop.edge.telemetry import tell
from leadloop.edge.wiring import wired
from leadloop.model.delivery import Delivery
from leadloop.model.event import Entry, Event
from leadloop.model.lead import Record
from leadloop.store.items import from_stream


@ready
def handler(event: Mapping[str, Sequence[Mapping[str, Any]]], _context: object) -> batches.Answer:
    """Each record's sequence number stands beside what came of it, so that it can come again."""
    failed: set[str] = set()
    said: list[tuple[str, Ready]] = []
    happened: list[tuple[str, Event]] = []
    for record in event["Records"]:
        change = record["dynamodb"]
        number = change["SequenceNumber"]
        match attempt("Reading the stream", lambda change=change: _found(change["NewImage"])):  # type: ignore[misc]
            case Done(found):
                said += [(number, item) for item in found if isinstance(item, Ready)]
                happened += [(number, item) for item in found if isinstance(item, Event)]
            case _:
                failed.add(number)
    failed |= {said[n][0] for n in wired().deliveries.put_all([item for _, item in said])}
    failed |= {happened[n][0] for n in wired().lake.put_all([item for _, item in happened])}
    tell("Relayed", {"Deliveries": len(said), "Events": len(happened), "Failed": len(failed)})
    return batches.answer(failed)


def _found(image: Mapping[str, Mapping[str, str]]) -> tuple[Ready | Event, ...]:
    match from_stream(image):
        case Delivery(id=delivery_id, lead_id=lead_id):
            return (Ready(lead_id=lead_id, delivery_id=delivery_id),)
        case Entry(events=events) | Record(events=events):
            return events
        case _:
            return ()
