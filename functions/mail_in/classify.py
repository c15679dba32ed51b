"""What a received mail is: an envelope for some source, or news of a mail of ours."""

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
SCANNED_BYTES = 1_000_000  # bytes in which a returned mail shows the headers of ours
SIGNAL_NATURES = ("bounce", "complaint", "auto_reply")


class ClassifiedMail(NamedTuple):
    """Every mail is a submission, so that each has its outcome; `news` is of a mail of ours."""

    envelope: Envelope
    news: Signal | None = None


def classify_mail(location: Location) -> ClassifiedMail:
    """What lies there."""
    lying = raw_bodies.fetch_object(get_wiring().s3, location)
    addresses = tuple(_addresses(lying.body))
    envelope = _reply_envelope(location, lying, addresses) or _inquiry_envelope(
        location, lying, addresses
    )
    try:
        mail = open_mail(lying.body)
    except (TooLarge, Unreadable):
        return ClassifiedMail(envelope)  # the reader says why, in quarantine
    return ClassifiedMail(
        envelope, _mail_signal(mail, lying) if mail.nature in SIGNAL_NATURES else None
    )


def _mail_signal(mail: MailMessage, lying: StoredObject) -> Signal | None:
    """Of our own mail that came back or was answered by a machine: its headers are inside."""
    lead = LEAD_HEADER.search(lying.body[:SCANNED_BYTES])
    no_persons = mail.nature == "complaint" and not mail.lasting
    if lead is None or mail.delivery is None or no_persons:
        return None
    word = "delayed" if mail.nature == "bounce" and not mail.lasting else mail.nature
    return Signal(
        id=f"{word}:{mail.delivery}",
        signal=word,
        lead_id=lead[1].decode(),
        delivery_id=mail.delivery,
        at=lying.since,
        confirmed=True,
    )


def _reply_envelope(
    location: Location, lying: StoredObject, addresses: Sequence[str]
) -> Envelope | None:
    """A mail to an address that we made for one lead's answers."""
    drop_domain = playbook().playbook.company.drop_domain
    for address in addresses:
        lead_id = parse_reply_address(address, get_wiring().links_secret, drop_domain)
        if lead_id is not None:
            return received_mail.build_envelope(
                location, lying, received_mail.REPLY_SOURCE, address, lead_id
            )
    return None


def _inquiry_envelope(
    location: Location, lying: StoredObject, addresses: Sequence[str]
) -> Envelope:
    """For the first address that is a drop: the receiving server's own word comes first."""
    known = (address for address in addresses if playbook().mail_source(address))
    recipient = next(known, addresses[0] if addresses else None)
    source = playbook().mail_source(recipient) if recipient else None
    return received_mail.build_envelope(
        location, lying, source.id if source else received_mail.UNKNOWN_SOURCE, recipient
    )


def _addresses(body: bytes) -> Iterator[str]:
    head = BytesHeaderParser().parsebytes(body[:HEAD_BYTES])
    values = {name: head.get_all(name, []) for name in ("Received", "To", "Cc")}
    for line in values["Received"][:1]:
        yield from RECIPIENT.findall(str(line))
    for name in ("To", "Cc"):
        for line in values[name]:
            yield from (address for _, address in parse_addresses(str(line)) if address)
