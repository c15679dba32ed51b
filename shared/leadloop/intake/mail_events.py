"""What Amazon SES reports of a mail of ours: the word of the signal, whose mail, and to whom.

Sources: Amazon SES Developer Guide, "Examples of event data that Amazon SES publishes to SNS" and
"Amazon SNS notification contents"; RFC 5965 (types of feedback)
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from typing import Any, NamedTuple

MOST_RECIPIENTS = 50
MOST_HEADERS = 200
LASTING_BOUNCE = "Permanent"
# Said by a person, or unsaid. Other types are reports of servers, and “not-spam” is the opposite.
PERSONS_FEEDBACK = frozenset({"abuse", "fraud", "other", "opt-out", ""})


class MailEvent(NamedTuple):
    """An event of a mail; each of the three marks is empty where the mail had no such header."""

    word: str  # of the signal
    lead_id: str
    delivery_id: str
    signature: str
    recipients: tuple[str, ...]
    at: datetime | None


def read_mail_event(event: Mapping[str, Any]) -> MailEvent | None:
    """The event; None if it is of a kind that changes nothing, or does not have its form."""
    kind = str(event.get("eventType") or event.get("notificationType") or "")
    reader = {
        "Bounce": _read_bounce,
        "Complaint": _read_complaint,
        "Delivery": _read_delivery,
        "DeliveryDelay": _read_delay,
    }.get(kind)
    mail = event.get("mail")
    if reader is None or not isinstance(mail, dict):
        return None
    news = reader(event)
    if news is None:
        return None
    word, recipients, at = news
    headers = _headers(mail)
    return MailEvent(
        word=word,
        lead_id=headers.get("x-leadloop-lead", ""),
        delivery_id=headers.get("x-leadloop-delivery", ""),
        signature=headers.get("x-leadloop-signature", ""),
        recipients=recipients,
        at=at,
    )


_News = tuple[str, tuple[str, ...], datetime | None]


def _read_bounce(event: Mapping[str, Any]) -> _News | None:
    bounce = _part(event, "bounce")
    word = "bounce" if bounce.get("bounceType") == LASTING_BOUNCE else "delayed"
    return word, _recipients(bounce, "bouncedRecipients"), _instant(bounce)


def _read_complaint(event: Mapping[str, Any]) -> _News | None:
    complaint = _part(event, "complaint")
    if str(complaint.get("complaintFeedbackType") or "").casefold() not in PERSONS_FEEDBACK:
        return None
    return "complaint", _recipients(complaint, "complainedRecipients"), _instant(complaint)


def _read_delay(event: Mapping[str, Any]) -> _News | None:
    delay = _part(event, "deliveryDelay")
    return "delayed", _recipients(delay, "delayedRecipients"), _instant(delay)


def _read_delivery(event: Mapping[str, Any]) -> _News | None:
    delivery = _part(event, "delivery")
    recipients = delivery.get("recipients")
    lines = recipients if isinstance(recipients, list) else []
    rows = {"rows": [{"emailAddress": line} for line in lines if isinstance(line, str)]}
    return "delivered", _recipients(rows, "rows"), _instant(delivery)


def _part(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = event.get(name)
    return part if isinstance(part, dict) else {}


def _recipients(part: Mapping[str, Any], name: str) -> tuple[str, ...]:
    rows = part.get(name)
    rows = rows if isinstance(rows, list) else []
    lines = [row.get("emailAddress") for row in rows if isinstance(row, dict)]
    addresses = (parseaddr(str(line))[1] for line in lines[:MOST_RECIPIENTS])
    return tuple(address for address in addresses if address)


def _instant(part: Mapping[str, Any]) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(part.get("timestamp")))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _headers(mail: Mapping[str, Any]) -> dict[str, str]:
    """The header lines of the mail, without the breaks of folded ones; of a name, the first."""
    rows = mail.get("headers")
    headers: dict[str, str] = {}
    for row in rows[:MOST_HEADERS] if isinstance(rows, list) else []:
        if isinstance(row, dict):
            value = " ".join(str(row.get("value")).split())
            headers.setdefault(str(row.get("name")).casefold(), value)
    return headers
