"""Received mail: the S3 objects that a notice announces, and the envelope of each mail.

S3 announces a mail itself, or through EventBridge.

Source: S3 user guide, "Event message structure", "EventBridge event message structure".
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from leadloop.content.reply_address import SignedAddress
from leadloop.edge.raw_bodies import StoredObject
from leadloop.intake.envelope import Envelope
from leadloop.model.errors import Unreadable
from leadloop.model.submission import Channel, Location

UNKNOWN_SOURCE = "unknown"  # no source has this id, so its mails are quarantined
REPLY_SOURCE = "replies"  # nor this one: answers of people to our own mails


def parse_locations(body: str) -> tuple[Location, ...]:
    """The objects that one message announces; none for the test event of S3.

    Raises:
        Unreadable: it announces nothing that we know, and must not be dropped.

    """
    notice = json.loads(body)
    match notice:
        case {"Event": "s3:TestEvent"}:
            return ()
        case {"Records": [*records]}:
            return tuple(_of_s3(record["s3"]) for record in records)
        case {"detail-type": "Object Created", "detail": detail}:
            return (_of_eventbridge(detail),)
        case _:
            raise Unreadable("the message announces no object")


def build_envelope(
    location: Location,
    lying: StoredObject,
    source: str = UNKNOWN_SOURCE,
    recipient: str | None = None,
    answered: SignedAddress | None = None,
) -> Envelope:
    """The mail for `source`; its key is where it lies, so that a second notice is the same mail.

    `answered` is the mail of ours that it answers.
    """
    return Envelope.of(
        source,
        Channel.MAIL,
        lying.body,
        location.key,
        lying.since,
        location=location,
        content_type="message/rfc822",
        recipient=recipient,
        answers=answered.lead_id if answered else None,
        answered_mail=answered.delivery_digest if answered else None,
    )


def _of_s3(s3: Mapping[str, Any]) -> Location:
    # S3 writes the key as a URL would (“+” for a space), EventBridge as it is.
    return Location(
        bucket=s3["bucket"]["name"],
        key=unquote_plus(s3["object"]["key"]),
        version=s3["object"].get("versionId"),
    )


def _of_eventbridge(detail: Mapping[str, Any]) -> Location:
    return Location(
        bucket=detail["bucket"]["name"],
        key=detail["object"]["key"],
        version=detail["object"].get("version-id"),
    )
