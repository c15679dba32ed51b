"""Events of SES from other people's systems: each is read rightly, or known to change nothing."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leadloop.intake.mail_events import read_mail_event
from tests.realdata.marks import Marks

SET = "ses_events"
# All bounces of the set are lasting.
WORDS = {"Bounce": "bounce", "Complaint": "complaint", "Delivery": "delivered"}


def event_of(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event itself, which SNS wraps as text."""
    return json.loads(message["Message"]) if "Message" in message else message


def named_recipients(event: Mapping[str, Any]) -> set[str]:
    news = event.get("bounce") or event.get("complaint") or {}
    rows = news.get("bouncedRecipients") or news.get("complainedRecipients") or []
    return {row["emailAddress"] for row in rows} | set(
        event.get("delivery", {}).get("recipients", ())
    )


def test_events_of_ses_are_read_or_change_nothing(realdata: Path, marks: Marks) -> None:
    files = sorted((realdata / SET).rglob("*.json"))
    right = 0
    for file in files:
        event = event_of(json.loads(file.read_bytes()))
        read = read_mail_event(event)
        word = WORDS.get(event.get("eventType") or event.get("notificationType") or "")
        if word is None:
            right += read is None
        else:
            right += (
                read is not None
                and read.word == word
                and set(read.recipients) == named_recipients(event)
                and read.signature == ""  # none of them is of a mail of ours
            )
    marks.share(SET, "read, or known to change nothing", right, len(files), at_least=1)
