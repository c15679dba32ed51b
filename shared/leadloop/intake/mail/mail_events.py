"""What a mail system tells about a mail it sent: delivered, opened, bounced. It is no inquiry.

Sources: the event webhooks of Amazon SES, SendGrid, Mailgun, Postmark, SparkPost, Mailjet, Brevo,
Mandrill, Resend and Customer.io. The words are in `phrases/mail_events.txt`.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache

from leadloop.intake.fields.mapping import SubmissionParts
from leadloop.intake.text.phrase_files import load_phrases

MOST_VALUES = 2_000


def tells_mail_event(pairs: Iterable[tuple[str, str]], parts: SubmissionParts) -> bool:
    """Whether names and values are a mail's own life; `parts` is the person read of them.

    One sign is enough for an address alone. An event of a mail that it identifies is none of a
    person, whatever else it says: a server's refusal passes for a message.
    """
    has_kind = has_mail_id = False
    for name, value in pairs:
        plain = _letters(name)
        has_mail_id = has_mail_id or plain in _words("mail_id")
        has_kind = has_kind or (
            plain in _words("event_name") and _letters(value) in _words("event")
        )
    if has_kind and has_mail_id:
        return True
    return (has_kind or has_mail_id) and _is_address_alone(parts)


def json_pairs(text: str) -> list[tuple[str, str]]:
    """All names in a JSON text with their values, the groups of each value left out."""
    try:
        return list(_pairs(json.loads(text)))[:MOST_VALUES]
    except (ValueError, RecursionError):
        return []


def line_pairs(text: str) -> Iterator[tuple[str, str]]:
    """The `name: value` lines of a text; a quoted `Message-ID` is no sign of an event."""
    for line in text.splitlines()[:MOST_VALUES]:
        name, colon, value = line.partition(":")
        if colon and _letters(name) != "messageid":
            yield name, value


def _pairs(document: object) -> Iterator[tuple[str, str]]:
    pending: list[tuple[str, object]] = [("", document)]
    for name, value in pending:
        if len(pending) > MOST_VALUES:
            return
        match value:
            case dict():
                yield name, ""
                pending += [(str(key), inner) for key, inner in value.items()]
            case list():
                pending += [(name, inner) for inner in value]
            case _:
                yield name, str(value)


def _is_address_alone(parts: SubmissionParts) -> bool:
    contact = parts.contact
    has_name = contact.name or contact.first_name or contact.last_name
    return not (has_name or contact.phone or parts.interest.message)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@cache
def _words(group: str) -> frozenset[str]:
    return frozenset(load_phrases(__package__, "mail_events")[group])
