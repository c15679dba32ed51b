"""A delivery that is ready → the one mouth: claimed, judged again, said once, closed.

The claim is drawn anew for every message: a redelivered one meets the claim of the run that died,
which makes the delivery `unknown` and never sends it a second time.
"""

from leadloop.edge.cold_start import freeze_gc  # isort: split

from ulid import ULID

from deliver.compose import send_delivery
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
    waiting = ReadyDelivery.model_validate_json(message.body)
    claim = str(ULID())
    outcome = _report(waiting, SendStatus.SENDING, claim)
    if isinstance(outcome, Send):
        answer = send_delivery(outcome)
        _report(waiting, answer.met, claim, answer.detail)
        log_call("Said", {f"Delivery{answer.met.title()}": 1})


def _report(
    waiting: ReadyDelivery, met: SendStatus, claim: str, detail: str | None = None
) -> Outcome:
    """Several tries: by its claim a report is known again, and only this run can make it.

    Given up, a mail that has left would be shown as unknown, and one that has not never leaves.
    """
    report = Report(
        id=f"{claim}:{met}",
        lead_id=waiting.lead_id,
        delivery_id=waiting.delivery_id,
        met=met,
        claim=claim,
        at=clock.now(),
        detail=detail,
    )
    for tried in range(1, MOST_TRIES):
        told = attempt("Reporting on a delivery", lambda: act_now(report))
        if not isinstance(told, AttemptFailure):
            return told.value
        clock.pause(tried)
    return act_now(report)
