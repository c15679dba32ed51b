"""Sends ready deliveries: each is claimed, checked again, sent once, and closed.

Every message draws a new claim. A message that comes again after a run died meets the claim of that
run. Then the delivery becomes `unknown` and is never sent a second time.
"""

from leadloop.edge.cold_start import freeze_gc  # isort: split

from ulid import ULID

from deliver.compose import send_delivery
from leadloop.decide.report import has_alert_failed
from leadloop.edge import batches, clock
from leadloop.edge.act import act_now
from leadloop.edge.problems import AttemptFailure, attempt
from leadloop.edge.queue_messages import ReadyDelivery
from leadloop.edge.telemetry import log_call
from leadloop.model.decision import Outcome, Send
from leadloop.model.report import Report, SendStatus

MOST_TRIES = 3


@freeze_gc
def handler(event: batches.LambdaEvent, _context: object) -> batches.BatchResponse:
    batch = batches.messages(event)
    answer = batches.process_each(batch, "Delivering", _deliver)
    log_call("Delivered", {"Deliveries": len(batch)})
    return answer


def _deliver(message: batches.QueueMessage) -> None:
    ready = ReadyDelivery.model_validate_json(message.body)
    claim = str(ULID())
    outcome = _report(ready, SendStatus.SENDING, claim)
    if isinstance(outcome, Send):
        result = send_delivery(outcome)
        _report(ready, result.met, claim, result.detail)
        counts = {f"Delivery{result.met.title()}": 1}
        if has_alert_failed(outcome.delivery, result.met):
            counts["RepAlertsFailed"] = 1
        log_call("Said", counts)


def _report(
    ready: ReadyDelivery, met: SendStatus, claim: str, detail: str | None = None
) -> Outcome:
    """Report a send status, with several tries. The claim makes a repeated report harmless.

    Only this run can report. Without its report a sent mail would be shown as unknown, and a mail
    that was not sent would never be sent.
    """
    report = Report(
        id=f"{claim}:{met}",
        lead_id=ready.lead_id,
        delivery_id=ready.delivery_id,
        met=met,
        claim=claim,
        at=clock.now(),
        detail=detail,
    )
    for attempt_number in range(1, MOST_TRIES):
        reported = attempt("Reporting on a delivery", lambda: act_now(report))
        if not isinstance(reported, AttemptFailure):
            return reported.value
        clock.pause(attempt_number)
    return act_now(report)
