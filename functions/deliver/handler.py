"""A delivery that is ready → the one mouth: claimed, judged again, said once, closed.

The claim is drawn anew for every message: a redelivered one meets the claim of the run that died,
which makes the delivery `unknown` and never sends it a second time.
"""

from leadloop.edge.cold_start import ready  # isort: split

from ulid import ULID

from deliver.compose import say
from leadloop.edge import batches, clock
from leadloop.edge.act import act_now
from leadloop.edge.problems import Fault, attempt
from leadloop.edge.queue_messages import Ready
from leadloop.edge.telemetry import tell
from leadloop.model.decision import Outcome, Send
from leadloop.model.report import Met, Report

MOST_TRIES = 3


@ready
def handler(event: batches.Event, _context: object) -> batches.Answer:
    batch = batches.messages(event)
    answer = batches.each(batch, "Delivering", _deliver)
    tell("Delivered", {"Deliveries": len(batch)})
    return answer


def _deliver(message: batches.Message) -> None:
    waiting = Ready.model_validate_json(message.body)
    claim = str(ULID())
    outcome = _report(waiting, Met.SENDING, claim)
    if isinstance(outcome, Send):
        answer = say(outcome)
        _report(waiting, answer.met, claim, answer.detail)
        tell("Said", {f"Delivery{answer.met.title()}": 1})


def _report(waiting: Ready, met: Met, claim: str, detail: str | None = None) -> Outcome:
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
        if not isinstance(told, Fault):
            return told.value
        clock.pause(tried)
    return act_now(report)
