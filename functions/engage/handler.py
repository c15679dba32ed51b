"""The queue of signals → scores, exits, stops. An unconfirmed signal only goes to the lake.

News of our mails comes here by SNS, too. What is not to be believed is ignored and counted.
"""

from leadloop.edge.cold_start import freeze_gc  # isort: split

import json
from collections.abc import Sequence
from typing import NamedTuple

from engage.mail_events import read_signal
from leadloop.act import Failure
from leadloop.decide.signal import ALERT_RETURNED, MAIL_EVENTS
from leadloop.edge import batches
from leadloop.edge.act import act
from leadloop.edge.sns_messages import is_sns_message
from leadloop.edge.telemetry import log_call
from leadloop.edge.wiring import get_wiring
from leadloop.model.decision import Applied, Ignored, Outcome
from leadloop.model.event import Event
from leadloop.model.events.catalogue import build_event
from leadloop.model.events.messages import TouchSeen
from leadloop.model.signal import Signal


class SignalResult(NamedTuple):
    """What became of one message or signal."""

    failed: bool = False  # it is to come again
    mail_event_ignored: bool = False  # it said that a mail came back, and was not believed
    alert_returned: bool = False


@freeze_gc
def handler(event: batches.LambdaEvent, _context: object) -> batches.BatchResponse:
    batch = batches.messages(event)
    answer, results = batches.process_batch(
        batch, "Reading a signal", _signals, _engage, lambda result: result.failed
    )
    log_call(
        "Engaged",
        {
            "Signals": len(results),
            "SignalsLost": sum(result.failed for result in results),
            "MailEventsIgnored": sum(result.mail_event_ignored for result in results),
            "RepAlertsFailed": sum(result.alert_returned for result in results),
        },
    )
    return answer


def _signals(message: batches.QueueMessage) -> tuple[Signal | None, ...]:
    """The signal of the message; None for news of a mail that is not to be believed."""
    if '"TopicArn"' in message.body and is_sns_message(content := json.loads(message.body)):
        return (read_signal(content),)
    return (Signal.model_validate_json(message.body),)


def _engage(signals: Sequence[Signal | None]) -> list[SignalResult]:
    results = [SignalResult(mail_event_ignored=signal is None) for signal in signals]
    confirmed = [(n, signal) for n, signal in enumerate(signals) if signal and signal.confirmed]
    others = [(n, signal) for n, signal in enumerate(signals) if signal and not signal.confirmed]
    lost = SignalResult(failed=True)
    for position in get_wiring().lake.put_all([_touch_event(signal) for _, signal in others]):
        results[others[position][0]] = lost
    outcomes = act([signal for _, signal in confirmed])
    for (n, signal), outcome in zip(confirmed, outcomes, strict=True):
        results[n] = lost if isinstance(outcome, Failure) else _result(signal, outcome)
    return results


def _result(signal: Signal, outcome: Outcome) -> SignalResult:
    return SignalResult(
        mail_event_ignored=isinstance(outcome, Ignored) and signal.signal in MAIL_EVENTS,
        alert_returned=isinstance(outcome, Applied)
        and outcome.what == ALERT_RETURNED
        and not outcome.repeated,
    )


def _touch_event(signal: Signal) -> Event:
    return build_event(
        TouchSeen(
            signal=signal.signal,
            delivery=signal.delivery_id,
            ignored=", ".join(signal.ignored) or None,
        ),
        event_id=signal.id,
        at=signal.at,
        cause=signal.id,
        lead_id=signal.lead_id,
    )
