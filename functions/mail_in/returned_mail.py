"""Which mail of ours a received mail is about: only what bears our signature names one.

Source: RFC 5322, 2.2.3 (a server may fold a header line that we did not)
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from leadloop.content.reply_address import (
    SignedAddress,
    is_signed_delivery,
    parse_reply_address,
    parse_return_path,
)
from leadloop.edge.raw_bodies import StoredObject
from leadloop.intake.mail.message import MailMessage
from leadloop.model.signal import Signal

SCANNED_BYTES = 1_000_000  # of a returned mail, in which the header of our own mail is searched
FOLD = rb":[ \t]{0,20}(?:\r?\n[ \t]{1,20})?"
LEAD_HEADER = re.compile(
    rb"(?im)^X-Leadloop-Lead"
    + FOLD
    + rb"([A-Z0-9]{26}(?:\.\d{1,3})?(?::[\w.-]{1,40})?)[ \t]{0,20}\r?$"
)
SIGNATURE_HEADER = re.compile(
    rb"(?im)^X-Leadloop-Signature" + FOLD + rb"([A-Za-z2-7]{20})[ \t]{0,20}\r?$"
)
SIGNAL_NATURES = ("bounce", "complaint", "auto_reply")


class MailSecret(NamedTuple):
    """By what our own mails are known: the key of our signatures, and the domain of our mail."""

    secret: bytes
    domain: str


def is_about_a_mail(mail: MailMessage) -> bool:
    """Whether it says what became of some mail; a complaint that no person made says nothing."""
    is_server_complaint = mail.nature == "complaint" and not mail.lasting
    return mail.nature in SIGNAL_NATURES and not is_server_complaint


def read_mail_signal(
    mail: MailMessage, stored: StoredObject, addresses: Iterable[str], ours: MailSecret
) -> Signal | None:
    """The signal for the mail of ours that it is about; None if it bears no signature of ours."""
    word = "delayed" if mail.nature == "bounce" and not mail.lasting else mail.nature
    recipients = mail.recipients[:20]
    delivery = mail.delivery
    lead, signature = (
        _find_header(pattern, stored.body) for pattern in (LEAD_HEADER, SIGNATURE_HEADER)
    )
    if (
        lead and delivery and signature
        and is_signed_delivery(lead, delivery, signature, ours.secret)
    ):  # fmt: skip
        return Signal(
            id=f"{word}:{delivery}",
            signal=word,
            lead_id=lead,
            delivery_id=delivery,
            recipients=recipients,
            at=stored.since,
            confirmed=True,
        )
    signed = find_signed_address(addresses, ours)
    if signed is None:
        return None
    return Signal(
        id=f"{word}:{signed.lead_id}:{signed.delivery_digest}",
        signal=word,
        lead_id=signed.lead_id,
        delivery_digest=signed.delivery_digest,
        recipients=recipients,
        at=stored.since,
        confirmed=True,
    )


def find_signed_address(addresses: Iterable[str], ours: MailSecret) -> SignedAddress | None:
    """What the first address of ours names: a return path, or an address for replies."""
    for address in addresses:
        for parse in (parse_return_path, parse_reply_address):
            if (signed := parse(address, ours.secret, ours.domain)) is not None:
                return signed
    return None


def _find_header(pattern: re.Pattern[bytes], body: bytes) -> str | None:
    match = pattern.search(body[:SCANNED_BYTES])
    return match[1].decode().strip() if match else None
