"""Delivery reports in the standard's form: fields such as `Action: failed`, one block a recipient.

Sources: RFC 3464 (delivery status notifications), RFC 6533 (the same with non-ASCII addresses),
RFC 3463 (status codes), and the fields of mail servers that came before the standard.
"""

import re
from collections.abc import Iterator

from leadloop.intake.mail.bounce_phrases import (
    permanent_failure_pattern,
    temporary_failure_pattern,
)
from leadloop.intake.mail.evidence import ADDRESS, MailEvidence

RECIPIENT_HEADERS = ("X-Failed-Recipients", "X-HmXmrOriginalRecipient")
# Best evidence first: the address that a server failed for (`Final`) before the one that we wrote.
RECIPIENT_FIELDS = (
    "x-failed-recipients", "final-recipient", "original-recipient", "x-actual-recipient",
    "original-rcpt-to", "removal-recipient", "x-hmxmroriginalrecipient",
)  # fmt: skip
DELIVERED_ACTIONS = ("delivered", "relayed", "expanded")
PARAGRAPH = re.compile(r"\n[ \t]{0,8}\n")
REPORT_FIELD = re.compile(
    r"(?im)^[ \t]{0,8}(?P<name>final-recipient|original-recipient|x-actual-recipient|action"
    r"|original-rcpt-to|removal-recipient|x-failed-recipients|x-hmxmroriginalrecipient"
    r"|feedback-type|status)[ \t]{0,8}:[ \t]{0,8}(?P<value>[^\n]{0,400})"
)
# Not a full mailbox, the network, or a system that is full: those may pass.
PERMANENT_STATUS = re.compile(r"5\.(?!2\.2|4\.|3\.1)\d{1,3}\.\d{1,3}")


def is_delivery_report(evidence: MailEvidence) -> bool:
    """Whether the mail is a report in the standard's form."""
    return (
        evidence.report_type == "delivery-status"
        or "message/delivery-status" in evidence.types
        or "message/global-delivery-status" in evidence.types
        or bool(evidence.header("X-Failed-Recipients"))
    )


def failed_recipients(evidence: MailEvidence) -> Iterator[str]:
    """The addresses in the fields of all recipients but those whom the mail reached."""
    for name in RECIPIENT_HEADERS:
        yield from ADDRESS.findall(evidence.header(name))
    blocks = [_first_values(paragraph) for paragraph in PARAGRAPH.split(evidence.raw)]
    failed = [block for block in blocks if not _is_delivered(block)]
    for name in RECIPIENT_FIELDS:
        for block in failed:
            yield from ADDRESS.findall(block.get(name, ""))


def is_permanent_failure(evidence: MailEvidence) -> bool:
    """Whether the mail would come back again: by its fields, or else by its words.

    A status may say that a failed mail can be sent later: a full mailbox is emptied.
    """
    fields = [
        (match["name"].lower(), match["value"].strip().lower())
        for match in REPORT_FIELD.finditer(evidence.raw)
    ]
    actions = {value.split()[0] for name, value in fields if name == "action" and value}
    statuses = [value for name, value in fields if name == "status"]
    if actions and "failed" not in actions:
        return False
    if statuses:
        return any(PERMANENT_STATUS.search(status) for status in statuses)
    temporary = temporary_failure_pattern()
    if temporary.search(evidence.subject) or temporary.search(evidence.text):
        return False
    return "failed" in actions or permanent_failure_pattern().search(evidence.text) is not None


def _first_values(paragraph: str) -> dict[str, str]:
    """The fields of one block; where one stands twice, the first counts."""
    matches = reversed(list(REPORT_FIELD.finditer(paragraph)))
    return {match["name"].lower(): match["value"] for match in matches}


def _is_delivered(block: dict[str, str]) -> bool:
    return block.get("action", "").strip().lower().startswith(DELIVERED_ACTIONS)
