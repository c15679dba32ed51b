"""What a dead letter was, and the end it gets."""

from pydantic import TypeAdapter, ValidationError

from leadloop.act import Failure
from leadloop.edge import clock, raw_bodies, received_mail
from leadloop.edge.act import act
from leadloop.edge.batches import QueueMessage
from leadloop.edge.live_playbook import playbook
from leadloop.edge.problems import AttemptSuccess, attempt
from leadloop.edge.queue_messages import ReadyDelivery
from leadloop.edge.wiring import get_wiring
from leadloop.intake.envelope import Envelope
from leadloop.intake.read import UnreadableEnvelope, build_unreadable, read_envelope
from leadloop.model.base import Reason
from leadloop.model.decision import Outcome, Send, Verdict
from leadloop.model.report import Report, SendStatus
from leadloop.model.signal import Signal
from leadloop.model.submission import Submission

LETTER: TypeAdapter[Envelope | Signal | ReadyDelivery] = TypeAdapter(
    Envelope | Signal | ReadyDelivery
)
WORK_FAILED = Reason(
    code="failed", text="It was received and could not be worked on; its bytes are here"
)


def end_letter(letter: QueueMessage) -> None:
    """Its end, by what it is; whoever cannot have one is parked.

    Raises:
        Exception: of AWS, and then the letter comes again.

    """
    try:
        found = LETTER.validate_json(letter.body)
    except ValidationError:
        return _end_notice(letter)
    match found:
        case Envelope():
            result = _quarantine(found)
        case Signal():
            result = act([found])[0]
        case ReadyDelivery():
            result = _end_delivery(found, claim=f"dead:{letter.id}")
    return _park(letter) if isinstance(result, Failure) else None


def _end_notice(letter: QueueMessage) -> None:
    """A mail that never got to the queue is quarantined like any submission."""
    match attempt("Ending a notice of mail", lambda: _mails(letter.body)):
        case AttemptSuccess([_, *_] as mails):
            ended = all(isinstance(_quarantine(mail), Verdict) for mail in mails)
        case _:
            ended = False
    if not ended:
        _park(letter)


def _mails(notice: str) -> list[Envelope]:
    lying = {
        at: raw_bodies.fetch_object(get_wiring().s3, at)
        for at in received_mail.parse_locations(notice)
    }
    return [received_mail.build_envelope(at, mail) for at, mail in lying.items()]


def _quarantine(found: Envelope) -> Outcome | Failure:
    """Everyone it holds; a failure if there is one."""
    kept = [
        raw_bodies.store_large_body(get_wiring().s3, get_wiring().raw_bucket, each)
        for each in _submissions_in(found)
    ]
    results = act(kept)
    return next((each for each in results if isinstance(each, Failure)), results[0])


def _submissions_in(found: Envelope) -> tuple[Submission, ...]:
    """Whatever broke its worker may break this reading too: then it is one, as it came."""
    match attempt("Reading a dead letter", lambda: _read(found)):
        case AttemptSuccess([_, _, *_] as several):
            return tuple(each.but(unreadable=(WORK_FAILED,), fetch=None) for each in several)
        case _:
            return (build_unreadable(found, (WORK_FAILED,)).submission,)


def _read(found: Envelope) -> list[Submission]:
    source = playbook().playbook.sources.get(found.source)
    made = (
        read_envelope(found, raw_bodies.read_body(get_wiring().s3, found.raw), source)
        if source
        else ()
    )
    return [] if isinstance(made, UnreadableEnvelope) else list(made)


def _end_delivery(ready: ReadyDelivery, claim: str) -> Outcome | Failure:
    """A run that died sending leaves it `unknown`; what nobody began waits for its next try."""
    result = act([_report(ready, SendStatus.SENDING, claim)])[0]
    if isinstance(result, Send):
        return act([_report(ready, SendStatus.FAILED, claim)])[0]
    return result


def _report(ready: ReadyDelivery, met: SendStatus, claim: str) -> Report:
    return Report(
        id=f"{claim}:{met}",
        lead_id=ready.lead_id,
        delivery_id=ready.delivery_id,
        met=met,
        claim=claim,
        at=clock.now(),
        detail="no run came to an end with it",
    )


def _park(letter: QueueMessage) -> None:
    get_wiring().s3.put_object(
        Bucket=get_wiring().raw_bucket,
        Key=f"raw/parked/{letter.queue}/{letter.id}",
        Body=letter.body.encode("utf-8", "surrogatepass"),
    )
