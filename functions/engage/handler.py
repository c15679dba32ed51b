"""The queue of signals → scores, exits, stops. An unconfirmed signal only goes to the lake."""

from leadloop.edge.cold_start import freeze_gc  # isort: split

from collections.abc import Sequence

from leadloop.act import Failure
from leadloop.edge import batches
from leadloop.edge.act import act
from leadloop.edge.telemetry import log_call
from leadloop.edge.wiring import get_wiring
from leadloop.model.event import Event
from leadloop.model.signal import Signal


@freeze_gc
def handler(event: batches.LambdaEvent, _context: object) -> batches.BatchResponse:
    batch = batches.messages(event)
    answer, failures = batches.process_batch(batch, "Reading a signal", _signals, _engage, bool)
    log_call("Engaged", {"Signals": len(failures), "SignalsLost": sum(failures)})
    return answer


def _signals(message: batches.QueueMessage) -> tuple[Signal]:
    return (Signal.model_validate_json(message.body),)


def _engage(signals: Sequence[Signal]) -> list[bool]:
    """Whether each signal failed, and is to come again."""
    confirmed = [signal for signal in signals if signal.confirmed]
    provisional = [signal for signal in signals if not signal.confirmed]
    rejected = get_wiring().lake.put_all([_touch_event(signal) for signal in provisional])
    failed_ids = {provisional[position].id for position in rejected}
    for signal, result in zip(confirmed, act(confirmed), strict=True):
        if isinstance(result, Failure):
            failed_ids.add(signal.id)
    return [signal.id in failed_ids for signal in signals]


def _touch_event(signal: Signal) -> Event:
    return Event(
        id=signal.id,
        name="TouchSeen",
        occurred_at=signal.at,
        cause=signal.id,
        lead_id=signal.lead_id,
        data={"signal": signal.signal, "delivery": signal.delivery_id},
    )
