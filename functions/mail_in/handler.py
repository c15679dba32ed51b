"""A mail received in the raw bucket → the submissions queue; what answers our own mail → signals.

The bytes are in S3 before anything else, so the message carries where they lie. A mail for nobody
we know is a submission too, and so is a machine's answer: one ends in quarantine, the other is
rejected, and neither nowhere.
"""

from leadloop.edge.cold_start import freeze_gc  # isort: split

from leadloop.edge import batches, received_mail
from leadloop.edge.telemetry import log_call, record_accepted
from leadloop.edge.wiring import get_wiring
from mail_in.classify import classify_mail


@freeze_gc
def handler(event: batches.LambdaEvent, _context: object) -> batches.BatchResponse:
    batch = batches.messages(event)
    answer = batches.process_each(batch, "Taking in a mail", _queue_mail)
    log_call("Took in mail", {"MailNotices": len(batch)})
    return answer


def _queue_mail(message: batches.QueueMessage) -> None:
    for location in received_mail.parse_locations(message.body):
        mail = classify_mail(location)
        if mail.news is not None:
            get_wiring().signals.put(mail.news)
        get_wiring().submissions.put(mail.envelope)
        record_accepted(mail.envelope.source, mail.envelope.id)
