"""Received mails in the raw bucket → the submissions queue; mails about our own mails → signals.

The bytes are in S3 before anything else, so the message only tells where they are stored. Every
mail becomes a submission: one to an unknown address ends in quarantine, an automatic answer is
rejected.
"""

from leadloop.edge.cold_start import freeze_gc  # isort: split

from leadloop.edge import batches, received_mail
from leadloop.edge.telemetry import log_call, record_accepted
from leadloop.edge.wiring import get_wiring
from mail_in.classify import classify_mail


@freeze_gc
def handler(event: batches.LambdaEvent, _context: object) -> batches.BatchResponse:
    batch = batches.messages(event)
    unsigned: list[str] = []
    answer = batches.process_each(
        batch, "Taking in a mail", lambda message: _queue_mail(message, unsigned)
    )
    log_call("Took in mail", {"MailNotices": len(batch), "MailEventsIgnored": len(unsigned)})
    return answer


def _queue_mail(message: batches.QueueMessage, unsigned: list[str]) -> None:
    """Queues the mails that one notice names: first the signal, then the submission.

    The ids of those that tell of a mail without a signature of ours are added to `unsigned`.
    """
    for location in received_mail.parse_locations(message.body):
        mail = classify_mail(location)
        if mail.unsigned:
            unsigned.append(mail.envelope.id)
        if mail.signal is not None:
            get_wiring().signals.put(mail.signal)
        get_wiring().submissions.put(mail.envelope)
        record_accepted(mail.envelope.source, mail.envelope.id)
