"""The one reader: the bytes of every door become submissions here, on arrival and on replay.

The readers of a kind of source are loaded when the first envelope of that kind comes: all of them
together take a sixth of a cold start.
"""

from collections.abc import Callable
from typing import NamedTuple, assert_never

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.attendance import resolve_attendance
from leadloop.intake.fields.attribution import ignored_query
from leadloop.intake.policy import (
    DeskSource,
    FeedSource,
    FileSource,
    FormSource,
    MailSource,
    PartnerSource,
    Source,
    WebhookSource,
)
from leadloop.model import errors
from leadloop.model.base import Model, Reason
from leadloop.model.submission import Channel, Submission


class UnreadableEnvelope(Model):
    """An envelope in doubt: `submission` goes to quarantine, with what is known of the person.

    The submission has the same `reasons`, and its raw bytes are kept.
    """

    reasons: tuple[Reason, ...]
    submission: Submission


def read_envelope(
    envelope: Envelope, body: bytes, source: Source
) -> tuple[Submission, ...] | UnreadableEnvelope:
    """The submissions of an envelope; `body` are the bytes that it holds or points to.

    Never raises for what the bytes are. Of several submissions each may be in doubt for itself,
    and then has `unreadable` reasons.
    """
    reader = _source_reader(envelope, source)
    try:
        submissions = _read(reader, envelope, body, source)
    except errors.FieldsInvalid as error:
        return build_unreadable(envelope, error.reasons, reader.parser)
    except errors.Unreadable as error:
        reason = Reason(code="unreadable", text=str(error))
        return build_unreadable(envelope, (reason,), reader.parser)
    if len(submissions) == 1 and (reasons := submissions[0].unreadable):
        return UnreadableEnvelope(reasons=reasons, submission=submissions[0])
    return submissions


def read_or_raise(envelope: Envelope, body: bytes, source: Source) -> tuple[Submission, ...]:
    """The submissions of an envelope, for a door whose sender waits and can mend a fault.

    A mail, a file or an entry in doubt comes back with its `unreadable` reasons instead.

    Raises:
        FieldsInvalid: values that cannot be taken, all of them at once.
        Unreadable: the body is not of a format that the source reads.
        TooLarge: the body has too many bytes or records.

    """
    return _read(_source_reader(envelope, source), envelope, body, source)


class _SourceReader(NamedTuple):
    """How the bytes of an envelope are read; `parser` is recorded if they cannot be."""

    parser: str
    read: Callable[[bytes], tuple[Submission, ...]]


def _read(
    reader: _SourceReader, envelope: Envelope, body: bytes, source: Source
) -> tuple[Submission, ...]:
    submissions = reader.read(body)
    if query := ignored_query(envelope):
        submissions = tuple(each.but(ignored=(*each.ignored, *query)) for each in submissions)
    return submissions if source.event is None else tuple(map(resolve_attendance, submissions))


def _source_reader(envelope: Envelope, source: Source) -> _SourceReader:
    match source:
        case FormSource():
            from leadloop.intake.fields import flat_document
            from leadloop.intake.forms.read import check_form

            return _SourceReader(
                flat_document.PARSER, lambda body: (check_form(envelope, body, source),)
            )
        case DeskSource():
            from leadloop.intake.fields import flat_document
            from leadloop.intake.forms.desk import check_desk

            return _SourceReader(
                flat_document.PARSER, lambda body: (check_desk(envelope, body, source),)
            )
        case PartnerSource() if envelope.channel is Channel.FILE:
            from leadloop.intake.fields import flat_document
            from leadloop.intake.files import rows

            return _SourceReader(
                flat_document.PARSER, lambda body: (rows.read_row(envelope, body, source),)
            )
        case PartnerSource():
            from leadloop.intake.fields import flat_document
            from leadloop.intake.partners.read import read_partner_post

            return _SourceReader(
                flat_document.PARSER, lambda body: read_partner_post(envelope, body, source)
            )
        case FileSource():
            from leadloop.intake.files import rows

            return _SourceReader(rows.PARSER, lambda body: (rows.read_row(envelope, body, source),))
        case MailSource():
            from leadloop.intake.mail import read as mail

            return _SourceReader(mail.PARSER, lambda body: mail.read_mail(envelope, body, source))
        case WebhookSource():
            from leadloop.intake.webhooks import read as webhooks

            return _SourceReader(
                webhooks.PARSER, lambda body: webhooks.read_webhook_post(envelope, body, source)
            )
        case FeedSource():
            from leadloop.intake.feeds import read as feeds

            return _SourceReader(feeds.PARSER, lambda body: feeds.read_feed(envelope, body, source))
        case _:
            assert_never(source)


def read_sourceless_mail(envelope: Envelope, body: bytes, reason: Reason) -> Submission:
    """The submission of a mail that no source receives.

    It is an answer to a mail of ours, a machine's mail, or goes to quarantine with `reason`.
    """
    if envelope.answers is not None:
        return read_lead_reply(envelope, body, envelope.answers)
    from leadloop.intake.mail.read import read_unrouted_mail

    return read_unrouted_mail(envelope, body, reason)


def read_lead_reply(envelope: Envelope, body: bytes, lead_id: str) -> Submission:
    """The submission of a person's answer to a mail of ours about a lead."""
    from leadloop.intake.mail.replies import read_reply

    return read_reply(envelope, body, lead_id)


def build_unreadable(
    envelope: Envelope, reasons: tuple[Reason, ...], parser: str | None = None
) -> UnreadableEnvelope:
    """The envelope for quarantine, with all that is known without reading its bytes.

    `parser` is the parser that could not read it.
    """
    submission = Submission(
        id=envelope.id,
        source=envelope.source,
        channel=envelope.channel,
        received_at=envelope.received_at,
        raw=envelope.raw,
        touch=envelope.touch,
        test=envelope.test,
        unreadable=reasons,
        parser=parser,
        part=0,
    )
    return UnreadableEnvelope(reasons=reasons, submission=submission)
