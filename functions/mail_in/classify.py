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
from leadloop.intake.mail.message import HEAD_BYTES, open_mail
from leadloop.model.errors import TooLarge, Unreadable
from leadloop.model.signal import Signal
from leadloop.model.submission import Location
from mail_in.returned_mail import MailSecret, is_about_a_mail, read_mail_signal

RECIPIENT = re.compile(r"\bfor\s+<?([^\s<>;]+@[^\s<>;]+?)>?\s*;")


class ClassifiedMail(NamedTuple):
    """A received mail. Every one has an envelope, and so an outcome.

    `signal` is set where it tells that a mail of ours came back or was answered by a machine.
    `unsigned`: it tells so of some mail, and bears no signature of ours.
    """

    envelope: Envelope
    signal: Signal | None = None
    unsigned: bool = False


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
    if not is_about_a_mail(mail):
        return ClassifiedMail(envelope)
    signal = read_mail_signal(mail, stored, addresses, _mail_secret())
    return ClassifiedMail(envelope, signal, unsigned=signal is None)


def _reply_envelope(
    location: Location, stored: StoredObject, addresses: Sequence[str]
) -> Envelope | None:
    """The envelope of an answer: a mail to an address that we made for one lead."""
    ours = _mail_secret()
    for address in addresses:
        answered = parse_reply_address(address, ours.secret, ours.domain)
        if answered is not None:
            return received_mail.build_envelope(
                location, stored, received_mail.REPLY_SOURCE, address, answered
            )
    return None


def _mail_secret() -> MailSecret:
    return MailSecret(get_wiring().links_secret, playbook().playbook.company.drop_domain)


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
