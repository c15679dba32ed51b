"""What a received mail is: an envelope for a source, and perhaps a signal about a mail of ours."""

import re
from collections.abc import Iterator, Sequence
from email.parser import BytesHeaderParser
from typing import NamedTuple

from leadloop.content.reply_address import parse_reply_address
from leadloop.edge import raw_bodies, received_mail
from leadloop.edge.live_playbook import playbook
from leadloop.edge.raw_bodies import StoredObject
from leadloop.edge.wiring import get_wiring
from leadloop.intake.envelope import Envelope
from leadloop.intake.mail.headers import parse_addresses
from leadloop.intake.mail.message import HEAD_BYTES, MailMessage, open_mail
from leadloop.model.errors import TooLarge, Unreadable
from leadloop.model.signal import Signal
from leadloop.model.submission import Location

RECIPIENT = re.compile(r"\bfor\s+<?([^\s<>;]+@[^\s<>;]+?)>?\s*;")
LEAD_HEADER = re.compile(rb"(?im)^X-Leadloop-Lead:[ \t]*([A-Z0-9]{26}(?:\.\d{1,3})?)[ \t]*\r?$")
SCANNED_BYTES = 1_000_000  # of a returned mail, in which the header of our own mail is searched
SIGNAL_NATURES = ("bounce", "complaint", "auto_reply")


class ClassifiedMail(NamedTuple):
    """A received mail. Every one has an envelope, and so an outcome.

    `signal` is set where it tells that a mail of ours came back or was answered by a machine.
    """

    envelope: Envelope
    signal: Signal | None = None


def classify_mail(location: Location) -> ClassifiedMail:
    """The mail that is stored at `location`."""
    stored = raw_bodies.fetch_object(get_wiring().s3, location)
    addresses = tuple(_addresses(stored.body))
    envelope = _reply_envelope(location, stored, addresses) or _inquiry_envelope(
        location, stored, addresses
    )
    try:
        mail = open_mail(stored.body)
    except (TooLarge, Unreadable):
        return ClassifiedMail(envelope)  # the reader puts it into quarantine and says why
    signal = _mail_signal(mail, stored) if mail.nature in SIGNAL_NATURES else None
    return ClassifiedMail(envelope, signal)


def _mail_signal(mail: MailMessage, stored: StoredObject) -> Signal | None:
    """The signal for the lead and the delivery that the header of our own mail names.

    None where that header is not inside, and for a complaint that no person made.
    """
    lead = LEAD_HEADER.search(stored.body[:SCANNED_BYTES])
    is_server_complaint = mail.nature == "complaint" and not mail.lasting
    if lead is None or mail.delivery is None or is_server_complaint:
        return None
    word = "delayed" if mail.nature == "bounce" and not mail.lasting else mail.nature
    return Signal(
        id=f"{word}:{mail.delivery}",
        signal=word,
        lead_id=lead[1].decode(),
        delivery_id=mail.delivery,
        at=stored.since,
        confirmed=True,
    )


def _reply_envelope(
    location: Location, stored: StoredObject, addresses: Sequence[str]
) -> Envelope | None:
    """The envelope of an answer: a mail to an address that we made for one lead."""
    drop_domain = playbook().playbook.company.drop_domain
    for address in addresses:
        lead_id = parse_reply_address(address, get_wiring().links_secret, drop_domain)
        if lead_id is not None:
            return received_mail.build_envelope(
                location, stored, received_mail.REPLY_SOURCE, address, lead_id
            )
    return None


def _inquiry_envelope(
    location: Location, stored: StoredObject, addresses: Sequence[str]
) -> Envelope:
    """The envelope for the source of the first address that has one."""
    drop_addresses = (address for address in addresses if playbook().mail_source(address))
    recipient = next(drop_addresses, addresses[0] if addresses else None)
    source = playbook().mail_source(recipient) if recipient else None
    return received_mail.build_envelope(
        location, stored, source.id if source else received_mail.UNKNOWN_SOURCE, recipient
    )


def _addresses(body: bytes) -> Iterator[str]:
    """The recipients: those that the receiving server wrote before those of the sender's lines."""
    header = BytesHeaderParser().parsebytes(body[:HEAD_BYTES])
    values = {name: header.get_all(name, []) for name in ("Received", "To", "Cc")}
    for line in values["Received"][:1]:
        yield from RECIPIENT.findall(str(line))
    for name in ("To", "Cc"):
        for line in values[name]:
            yield from (address for _, address in parse_addresses(str(line)) if address)
