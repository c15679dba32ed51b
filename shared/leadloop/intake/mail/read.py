"""Vendor mails become submissions; one in doubt carries its reasons.

What the mail server found and who sends is asked before the content. An automatic answer to one of
our own mails is no inquiry, whatever it says.
"""

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.mapping import build_submission, missing_field_reasons
from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.mail.address_kinds import domain_of
from leadloop.intake.mail.message import MailMessage, open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.mail_templates import is_within_domain
from leadloop.intake.policy import MailSource
from leadloop.model.base import Reason
from leadloop.model.errors import TooLarge, Unreadable
from leadloop.model.submission import Submission

PARSER = "mail/4"  # of a mail in which no reader found its format
MACHINE_MAIL_TEXTS = {
    "bounce": "a mail that could not be delivered came back",
    "complaint": "somebody calls a mail spam",
    "auto_reply": "a machine answers a mail",
}


def read_mail(envelope: Envelope, body: bytes, source: MailSource) -> tuple[Submission, ...]:
    """One submission for each prospect; one in doubt carries its `unreadable` reasons.

    Raises:
        Unreadable: nothing at all can be understood.
        TooLarge: the mail or a table in it is beyond its bound.
    """
    mail = open_mail(body)
    if reason := machine_mail_reason(mail):
        return (build_rejection(envelope, reason),)
    doubts = mail_doubts(envelope, mail, source)
    return tuple(
        _build_submission(envelope, mail, source, prospect, doubts, number)
        for number, prospect in enumerate(read_prospects(mail, source), 1)
    )


def read_unrouted_mail(envelope: Envelope, body: bytes, reason: Reason) -> Submission:
    """A mail to an address of no source: unreadable for this reason, or rejected if automatic.

    The reason names the address. Bounces of our own mail come this way: they are sent to its
    sender's address.
    """
    if envelope.recipient:
        reason = reason.but(text=f"“{envelope.recipient}” is an address of no source")
    submission = build_rejection(envelope, reason)
    try:
        machine_reason = machine_mail_reason(open_mail(body))
    except (TooLarge, Unreadable):
        machine_reason = None
    if machine_reason:
        return submission.but(refused=(machine_reason,))
    return submission.but(refused=(), unreadable=(reason,))


def machine_mail_reason(mail: MailMessage) -> Reason | None:
    """Why the mail is no inquiry: it is a report or an automatic answer. None for other mails."""
    text = MACHINE_MAIL_TEXTS.get(mail.nature)
    return Reason(code=mail.nature, text=text) if text else None


def build_rejection(envelope: Envelope, reason: Reason) -> Submission:
    """A submission without content that is rejected for this reason."""
    return Submission(
        id=envelope.id,
        source=envelope.source,
        channel=envelope.channel,
        received_at=envelope.received_at,
        raw=envelope.raw,
        touch=envelope.touch,
        refused=(reason,),
        parser=PARSER,
    )


def mail_doubts(envelope: Envelope, mail: MailMessage, source: MailSource) -> tuple[Reason, ...]:
    """The reasons against the mail as a whole: virus, spam, forged sender, sender not trusted."""
    verdicts = envelope.verdicts or mail.verdicts
    domain = domain_of(mail.sender or "")
    is_forged = verdicts.dmarc == "FAIL" or (verdicts.spf == "FAIL" and verdicts.dkim == "FAIL")
    is_trusted = not source.trusted_senders or (
        any(is_within_domain(domain, trusted) for trusted in source.trusted_senders)
        and verdicts.dmarc in {"PASS", None}
    )
    rows = (
        ("virus", "the mail server found a virus", verdicts.virus == "FAIL"),
        ("spam", "a mail server took it for spam", verdicts.spam == "FAIL" or mail.spam),
        ("forged", "the sender's domain says it is not its mail", is_forged),
        ("sender_not_trusted", f"“{domain or '?'}” is no sender of this source", not is_trusted),
    )
    return tuple(Reason(code=code, text=text) for code, text, applies in rows if applies)


def _build_submission(
    envelope: Envelope,
    mail: MailMessage,
    source: MailSource,
    prospect: Prospect,
    doubts: tuple[Reason, ...],
    number: int,
) -> Submission:
    """The submission of the mail's prospect with this number, from 1."""
    missing = missing_field_reasons(source.required, prospect.parts, source.fields)
    submission = build_submission(envelope, prospect.parts, prospect.parser, n=number)
    message_id = mail.message_id
    if message_id and number > 1:
        message_id = f"{message_id}#{number}"
    reasons = (*doubts, *prospect.doubts, *missing)
    return submission.but(
        message_id=message_id, unreadable=reasons, ignored=(*submission.ignored, *prospect.ignored)
    )
