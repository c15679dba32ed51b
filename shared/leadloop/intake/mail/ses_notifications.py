"""Bounces and complaints as Amazon SES reports them: JSON that SNS sends by mail.

Source: Amazon SES Developer Guide, "Amazon SNS notification contents".
"""

import re
from collections.abc import Iterator

from leadloop.intake.mail.evidence import ADDRESS

JSON_RECIPIENTS = re.compile(
    r'"(?:bounced|complained)Recipients"\s{0,4}:\s{0,4}\[(?P<list>[^\]]{0,4000}+)\]', re.IGNORECASE
)
JSON_KIND = re.compile(
    r'"(?:notificationType|eventType)"\s{0,4}:\s{0,4}"(?P<kind>Bounce|Complaint)"', re.IGNORECASE
)


def notification_kind(text: str) -> str | None:
    """`bounce` or `complaint`; None where the text is no such notification."""
    match = JSON_KIND.search(text)
    return match["kind"].lower() if match else None


def notification_recipients(text: str) -> Iterator[str]:
    """The addresses that it names."""
    for match in JSON_RECIPIENTS.finditer(text):
        yield from ADDRESS.findall(match["list"])
