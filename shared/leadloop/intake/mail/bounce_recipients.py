"""Whose address a mail that came back had been for."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import Message
from typing import NamedTuple

from leadloop.intake.mail.address_kinds import mail_server_pattern
from leadloop.intake.mail.bounce_phrases import (
    address_line_pattern,
    address_mention_pattern,
    enclosed_mail_pattern,
)
from leadloop.intake.mail.delivery_reports import failed_recipients
from leadloop.intake.mail.evidence import ADDRESS, PLAIN_ADDRESS, MailEvidence
from leadloop.intake.mail.ses_notifications import notification_recipients

MOST_RECIPIENTS = 50
MOST_ENCLOSED_RECIPIENTS = 3
LONGEST_HEADER_LINE = 2_000  # characters
REPORT_ADDRESS_HEADERS = frozenset(
    {"from", "to", "sender", "reply-to", "return-path", "delivered-to", "x-original-to",
     "envelope-to", "message-id", "in-reply-to", "references"}
)  # fmt: skip
ADDRESS_SCHEME = re.compile(r"(?i)^(?:smtp|imceasmtp|rfc822)[=;:-]")
TRANSCRIPT_LINE = re.compile(  # of sendmail: "550 <eve@acme.example>... User unknown"
    r"(?m)^[ \t]{0,8}55\d[ \t]{1,4}(?:5\.\d\.\d{1,3}[ \t]{1,4})?<(" + PLAIN_ADDRESS + r")>\.\.\."
)
RCPT_COMMAND = re.compile(r"(?i)RCPT TO:\s{0,3}<?(" + PLAIN_ADDRESS + ")")
TO_LINE = re.compile(r"(?im)^[ \t>|]{0,8}to:[ \t]{0,4}([^\n]{3,400})")
RECEIVED_FOR_ADDRESS = re.compile(r"(?i)\bfor\s{1,4}<?(" + PLAIN_ADDRESS + r")>?\s{0,2};")


class RecipientSign(NamedTuple):
    """A way to speak of an address in a report; `weight` tells how surely the mail was for it."""

    name: str
    weight: int
    addresses: Callable[[str], list[str]]


RECIPIENT_SIGNS = (
    RecipientSign("refused SMTP command", 4, RCPT_COMMAND.findall),
    RecipientSign("a line of its own", 3, lambda text: address_line_pattern().findall(text)),
    RecipientSign("part of a sentence", 1, lambda text: address_mention_pattern().findall(text)),
)
ENCLOSED_RECIPIENT_WEIGHT = 2  # of an address that the enclosed mail was to


def find_recipients(evidence: MailEvidence) -> tuple[str, ...]:
    """The addresses that the mail had been for, each once.

    Best evidence first: a weaker way to find them is tried only where the others find none.
    """
    for strategy in STRATEGIES:
        addresses = dict.fromkeys(
            ADDRESS_SCHEME.sub("", address).strip(".'") for address in strategy(evidence)
        )
        if addresses:
            return tuple(addresses)[:MOST_RECIPIENTS]
    return ()


def _ses_recipients(evidence: MailEvidence) -> Iterator[str]:
    return notification_recipients(evidence.text)


def _refused_in_transcript(evidence: MailEvidence) -> Iterator[str]:
    """The addresses that sendmail refused, one a line; those of the enclosed mail come first.

    Its transcript quotes several servers, and only the last of them says `RCPT TO`.
    """
    report_addresses = _report_addresses(evidence.message)
    refused = [
        address
        for address in TRANSCRIPT_LINE.findall(_text_above_enclosed_mail(evidence))
        if _may_be_recipient(address, report_addresses)
    ]
    enclosed = {address.lower() for address in _enclosed_recipients(evidence)}
    yield from sorted(refused, key=lambda address: address.lower() not in enclosed)


def _likeliest_in_text(evidence: MailEvidence) -> Iterator[str]:
    """The addresses with the most points in the text above the enclosed mail.

    The report's own sender and recipient do not count.
    """
    text = _text_above_enclosed_mail(evidence)
    report_addresses = _report_addresses(evidence.message)
    addresses = [a for a in ADDRESS.findall(text) if _may_be_recipient(a, report_addresses)]
    points = Counter(dict.fromkeys(addresses, 0))
    if not points:
        return
    for sign in RECIPIENT_SIGNS:
        for address in {each.strip(".") for each in sign.addresses(text)} & points.keys():
            points[address] += sign.weight
    enclosed_recipients = {address.lower() for address in _enclosed_recipients(evidence)}
    for address in points:
        if address.lower() in enclosed_recipients:
            points[address] += ENCLOSED_RECIPIENT_WEIGHT
    most = max(points.values())
    yield from (address for address, weight in points.items() if weight == most)


def _text_above_enclosed_mail(evidence: MailEvidence) -> str:
    enclosed = enclosed_mail_pattern().search(evidence.text)
    return evidence.text[: enclosed.start()] if enclosed and enclosed.start() else evidence.text


def _may_be_recipient(address: str, report_addresses: frozenset[str]) -> bool:
    has_dot = "." in address.rpartition("@")[2]
    is_server = mail_server_pattern().match(address) is not None
    return has_dot and address.lower() not in report_addresses and not is_server


def _enclosed_recipients(evidence: MailEvidence) -> Iterator[str]:
    """The first recipients of the enclosed mail; those of the whole where none is enclosed."""
    header_end = max(evidence.raw.find("\n\n"), 0)
    enclosed = enclosed_mail_pattern().search(evidence.raw, header_end)
    inside = evidence.raw[enclosed.start() if enclosed else header_end :]
    for pattern in (TO_LINE, RECEIVED_FOR_ADDRESS):
        lines = pattern.findall(inside)[:MOST_ENCLOSED_RECIPIENTS]
        addresses = [address for line in lines for address in ADDRESS.findall(line)]
        if addresses:
            yield from addresses[:MOST_ENCLOSED_RECIPIENTS]
            return


def _report_addresses(message: Message) -> frozenset[str]:
    """The addresses in the report's own header, in small letters: it is about none of them."""
    return frozenset(
        address.lower()
        for name, value in message.raw_items()
        if name.lower() in REPORT_ADDRESS_HEADERS
        for address in ADDRESS.findall(str(value)[:LONGEST_HEADER_LINE])
    )


STRATEGIES = (
    failed_recipients,
    _ses_recipients,
    _refused_in_transcript,
    _likeliest_in_text,
    _enclosed_recipients,
)
