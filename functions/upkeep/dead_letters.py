"""Dead letters: messages that no worker could do, and the end that each gets."""

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
    """Give a letter its end, by its kind; one without an end is parked in the raw bucket.

    Raises:
        ClientError, BotoCoreError: AWS did not answer, and the letter comes again.

    """
    try:
        message = LETTER.validate_json(letter.body)
    except ValidationError:
        return _end_notice(letter)
    match message:
        case Envelope():
            result = _quarantine(message)
        case Signal():
            result = act([message])[0]
        case ReadyDelivery():
            result = _end_delivery(message, claim=f"dead:{letter.id}")
    return _park(letter) if isinstance(result, Failure) else None


def _end_notice(letter: QueueMessage) -> None:
    """Quarantine the mails of a notice: they never got to the queue of submissions."""
    match attempt("Ending a notice of mail", lambda: _mails(letter.body)):
        case AttemptSuccess([_, *_] as mails):
            all_ended = all(isinstance(_quarantine(mail), Verdict) for mail in mails)
        case _:
            all_ended = False
    if not all_ended:
        _park(letter)


def _mails(notice: str) -> list[Envelope]:
    stored = {
        location: raw_bodies.fetch_object(get_wiring().s3, location)
        for location in received_mail.parse_locations(notice)
    }
    return [received_mail.build_envelope(location, mail) for location, mail in stored.items()]


def _quarantine(envelope: Envelope) -> Outcome | Failure:
    """Quarantine all submissions of an envelope; the result is a failure if there is one."""
    submissions = [
        raw_bodies.store_large_body(get_wiring().s3, get_wiring().raw_bucket, each)
        for each in _submissions_in(envelope)
    ]
    results = act(submissions)
    return next((each for each in results if isinstance(each, Failure)), results[0])


def _submissions_in(envelope: Envelope) -> tuple[Submission, ...]:
    """The submissions of an envelope; one, unread, if the fault of its worker happens here too."""
    match attempt("Reading a dead letter", lambda: _read(envelope)):
        case AttemptSuccess([_, _, *_] as several):
            return tuple(each.but(unreadable=(WORK_FAILED,), fetch=None) for each in several)
        case _:
            return (build_unreadable(envelope, (WORK_FAILED,)).submission,)


def _read(envelope: Envelope) -> list[Submission]:
    source = playbook().playbook.sources.get(envelope.source)
    result = (
        read_envelope(envelope, raw_bodies.read_body(get_wiring().s3, envelope.raw), source)
        if source
        else ()
    )
    return [] if isinstance(result, UnreadableEnvelope) else list(result)


def _end_delivery(ready: ReadyDelivery, claim: str) -> Outcome | Failure:
    """A delivery whose run died is `unknown`; one that was never begun waits for its next try."""
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
