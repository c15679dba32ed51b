"""What a received mail is: an envelope for some source, or news of a mail of ours."""

import re
from collections.abc import Iterator, Sequence
from email.parser import BytesHeaderParser
from typing import NamedTuple

from leadloop.content.reply_address import answered_lead
from leadloop.edge import raw_bodies, received_mail
from leadloop.edge.live_playbook import playbook
from leadloop.edge.raw_bodies import Lying
from leadloop.edge.wiring import wired
from leadloop.intake.envelope import Envelope
from leadloop.intake.mail.headers import addresses_of
from leadloop.intake.mail.message import HEAD_BYTES, Mail, open_mail
from leadloop.model.errors import TooLarge, Unreadable
from leadloop.model.signal import Signal
from leadloop.model.submission import Location

RECIPIENT = re.compile(r"\bfor\s+<?([^\s<>;]+@[^\s<>;]+?)>?\s*;")
OUR_LEAD = re.compile(rb"(?im)^X-Leadloop-Lead:[ \t]*([A-Z0-9]{26}(?:\.\d{1,3})?)[ \t]*\r?$")
LOOKED_AT = 1_000_000  # bytes in which a returned mail shows the headers of ours
NEWS = ("bounce", "complaint", "auto_reply")


class Received(NamedTuple):
    """Every mail is a submission, so that each has its outcome; `news` is of a mail of ours."""

    envelope: Envelope
    news: Signal | None = None


def read(location: Location) -> Received:
    """What lies there."""
    lying = raw_bodies.fetch(wired().s3, location)
    addresses = tuple(_addresses(lying.body))
    envelope = _answer(location, lying, addresses) or _inquiry(location, lying, addresses)
    try:
        mail = open_mail(lying.body)
    except (TooLarge, Unreadable):
        return Received(envelope)  # the reader says why, in quarantine
    return Received(envelope, _news(mail, lying) if mail.nature in NEWS else None)


def _news(mail: Mail, lying: Lying) -> Signal | None:
    """Of our own mail that came back or was answered by a machine: its headers are inside."""
    lead = OUR_LEAD.search(lying.body[:LOOKED_AT])
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


def _answer(location: Location, lying: Lying, addresses: Sequence[str]) -> Envelope | None:
    """A mail to an address that we made for one lead's answers."""
    drop_domain = playbook().playbook.company.drop_domain
    for address in addresses:
        lead_id = answered_lead(address, wired().links_secret, drop_domain)
        if lead_id is not None:
            return received_mail.envelope(location, lying, received_mail.REPLIES, address, lead_id)
    return None


def _inquiry(location: Location, lying: Lying, addresses: Sequence[str]) -> Envelope:
    """For the first address that is a drop: the receiving server's own word comes first."""
    known = (address for address in addresses if playbook().mail_source(address))
    recipient = next(known, addresses[0] if addresses else None)
    source = playbook().mail_source(recipient) if recipient else None
    return received_mail.envelope(
        location, lying, source.id if source else received_mail.NOBODY, recipient
    )


def _addresses(body: bytes) -> Iterator[str]:
    head = BytesHeaderParser().parsebytes(body[:HEAD_BYTES])
    values = {name: head.get_all(name, []) for name in ("Received", "To", "Cc")}
    for line in values["Received"][:1]:
        yield from RECIPIENT.findall(str(line))
    for name in ("To", "Cc"):
        for line in values[name]:
            yield from (address for _, address in addresses_of(str(line)) if address)
