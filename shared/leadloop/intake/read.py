"""The one reader: every door's bytes become submissions here, on arrival and on replay alike.

A way of reading is loaded when something comes by it: all together are a sixth of a cold start.
"""

from typing import assert_never

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.attendance import resolve_attendance
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
    """No submission of this source, or in doubt: `submission` goes to quarantine as it is.

    It carries the reasons too, the raw bytes, and as much of the person as was understood.
    """

    reasons: tuple[Reason, ...]
    submission: Submission


def read_envelope(
    envelope: Envelope, body: bytes, source: Source
) -> tuple[Submission, ...] | UnreadableEnvelope:
    """Never raises for what the bytes are; `body` is what the envelope holds or points to.

    Of several in one envelope each may be in doubt for itself, and then has `unreadable` reasons.
    """
    try:
        submissions = read_or_raise(envelope, body, source)
    except errors.FieldsInvalid as error:
        return build_unreadable(envelope, error.reasons, _parser(source))
    except errors.Unreadable as error:
        reason = Reason(code="unreadable", text=str(error))
        return build_unreadable(envelope, (reason,), _parser(source))
    if len(submissions) == 1 and (reasons := submissions[0].unreadable):
        return UnreadableEnvelope(reasons=reasons, submission=submissions[0])
    return submissions


def read_sourceless_mail(envelope: Envelope, body: bytes, why: Reason) -> Submission:
    """A mail that came to no source: an answer to one of ours, else with `why` it is nobody's."""
    if envelope.answers is not None:
        return read_lead_reply(envelope, body, envelope.answers)
    from leadloop.intake.mail.read import read_unrouted_mail

    return read_unrouted_mail(envelope, body, why)


def read_lead_reply(envelope: Envelope, body: bytes, lead_id: str) -> Submission:
    """What somebody says to a mail of ours about that lead."""
    from leadloop.intake.mail.replies import read_reply

    return read_reply(envelope, body, lead_id)


def read_or_raise(envelope: Envelope, body: bytes, source: Source) -> tuple[Submission, ...]:
    """As the source reads; of an event's list also how each stands to it."""
    found = _read_by_source(envelope, body, source)
    return tuple(map(resolve_attendance, found)) if source.event is not None else found


def _read_by_source(envelope: Envelope, body: bytes, source: Source) -> tuple[Submission, ...]:
    """The same for a door that answers in-line: raises what the caller can mend.

    Raises `TooLarge`, `FieldsInvalid` or `Unreadable` of `model.errors`. A mail that is in doubt
    comes back with its `unreadable` reasons instead, since nobody waits for an answer.
    """
    match source:
        case FormSource():
            from leadloop.intake.forms.read import check_form

            return (check_form(envelope, body, source),)
        case PartnerSource() if envelope.channel is Channel.FILE:
            from leadloop.intake.files import rows

            return (rows.read_row(envelope, body, source),)
        case PartnerSource():
            from leadloop.intake.partners.read import read_partner_post

            return read_partner_post(envelope, body, source)
        case MailSource():
            from leadloop.intake.mail.read import read_mail

            return read_mail(envelope, body, source)
        case WebhookSource():
            from leadloop.intake.webhooks import read as webhooks

            return webhooks.read_webhook_post(envelope, body, source)
        case FileSource():
            from leadloop.intake.files import rows

            return (rows.read_row(envelope, body, source),)
        case FeedSource():
            from leadloop.intake.feeds.read import read_feed

            return read_feed(envelope, body, source)
        case DeskSource():
            from leadloop.intake.forms.desk import check_desk

            return (check_desk(envelope, body, source),)
        case _:
            assert_never(source)


def _parser(source: Source) -> str:
    """Who could not read it."""
    match source:
        case MailSource():
            from leadloop.intake.mail import read as mail

            return mail.PARSER
        case WebhookSource():
            from leadloop.intake.webhooks import read as webhooks

            return webhooks.PARSER
        case FeedSource():
            from leadloop.intake.feeds import read as feeds

            return feeds.PARSER
        case FileSource():
            from leadloop.intake.files import rows

            return rows.PARSER
        case _:
            from leadloop.intake.fields import flat_document

            return flat_document.PARSER


def build_unreadable(
    envelope: Envelope, reasons: tuple[Reason, ...], parser: str | None = None
) -> UnreadableEnvelope:
    """For quarantine, with all that the envelope alone tells."""
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
