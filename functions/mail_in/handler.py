"""A mail received in the raw bucket → the submissions queue; what answers our own mail → signals.

The bytes are in S3 before anything else, so the message carries where they lie. A mail for nobody
we know is a submission too, and so is a machine's answer: one ends in quarantine, the other is
rejected, and neither nowhere.
"""

from leadloop.edge.cold_start import ready  # isort: split

from leadloop.edge import batches, received_mail
from leadloop.edge.telemetry import taken, tell
from leadloop.edge.wiring import wired
from mail_in.classify import read


@ready
def handler(event: batches.Event, _context: object) -> batches.Answer:
    batch = batches.messages(event)
    answer = batches.each(batch, "Taking in a mail", _take)
    tell("Took in mail", {"MailNotices": len(batch)})
    return answer


def _take(message: batches.Message) -> None:
    for location in received_mail.locations(message.body):
        mail = read(location)
        if mail.news is not None:
            wired().signals.put(mail.news)
        wired().submissions.put(mail.envelope)
        taken(mail.envelope.source, mail.envelope.id)
