"""Vendor mails become submissions, and whatever is in doubt says why.

What the mail server found, and who sends, is asked before what the mail says; and what answers one
of our mails by machine is no inquiry, whatever it says.
"""

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.mapping import build_submission, missing_field_reasons
from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.mail.message import MailMessage, open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.mail_templates import is_within_domain
from leadloop.intake.policy import MailSource
from leadloop.model.base import Reason
from leadloop.model.errors import TooLarge, Unreadable
from leadloop.model.submission import Submission

PARSER = "mail/3"  # of a mail in which no reader found its format
MACHINE_MAIL_TEXTS = {
    "bounce": "a mail that could not be delivered came back",
    "complaint": "somebody calls a mail spam",
    "auto_reply": "a machine answers a mail",
}


def read_mail(envelope: Envelope, body: bytes, source: MailSource) -> tuple[Submission, ...]:
    """One submission per prospect; one in doubt carries its `unreadable` reasons.

    Raises `Unreadable` or `TooLarge` when nothing at all can be made of the mail.
    """
    mail = open_mail(body)
    if answer := machine_mail_reason(mail):
        return (build_rejection(envelope, answer),)
    doubts = mail_doubts(envelope, mail, source)
    return tuple(
        _submission(envelope, mail, source, prospect, doubts, n)
        for n, prospect in enumerate(read_prospects(mail, source), 1)
    )


def read_unrouted_mail(envelope: Envelope, body: bytes, why: Reason) -> Submission:
    """A mail to an address that is no source's: for somebody to look at, unless a machine wrote it.

    Bounces of our own mail come this way, to the address it was from.
    """
    submission = build_rejection(envelope, why)
    try:
        answer = machine_mail_reason(open_mail(body))
    except (TooLarge, Unreadable):
        answer = None
    return (
        submission.but(refused=(answer,))
        if answer
        else submission.but(refused=(), unreadable=(why,))
    )


def machine_mail_reason(mail: MailMessage) -> Reason | None:
    """Whether, and why, the mail is no inquiry."""
    why = MACHINE_MAIL_TEXTS.get(mail.nature)
    return Reason(code=mail.nature, text=why) if why else None


def build_rejection(envelope: Envelope, why: Reason) -> Submission:
    """For the record: it is rejected."""
    return Submission(
        id=envelope.id,
        source=envelope.source,
        channel=envelope.channel,
        received_at=envelope.received_at,
        raw=envelope.raw,
        touch=envelope.touch,
        refused=(why,),
        parser=PARSER,
    )


def _submission(
    envelope: Envelope,
    mail: MailMessage,
    source: MailSource,
    prospect: Prospect,
    doubts: tuple[Reason, ...],
    n: int,
) -> Submission:
    lacks = missing_field_reasons(source.required, prospect.parts, source.fields)
    submission = build_submission(envelope, prospect.parts, prospect.parser, n=n)
    own = f"{mail.message_id}#{n}" if mail.message_id and n > 1 else mail.message_id
    return submission.but(message_id=own, unreadable=(*doubts, *prospect.doubts, *lacks))


def mail_doubts(envelope: Envelope, mail: MailMessage, source: MailSource) -> tuple[Reason, ...]:
    """What speaks against the mail as a whole, whatever it says."""
    verdicts = envelope.verdicts or mail.verdicts
    reasons = []
    if verdicts.virus == "FAIL":
        reasons.append(Reason(code="virus", text="the mail server found a virus"))
    if verdicts.spam == "FAIL" or mail.spam:
        reasons.append(Reason(code="spam", text="a mail server took it for spam"))
    if verdicts.dmarc == "FAIL" or (verdicts.spf == "FAIL" and verdicts.dkim == "FAIL"):
        reasons.append(Reason(code="forged", text="the sender's domain says it is not its mail"))
    domain = (mail.sender or "").rpartition("@")[2].lower()
    if source.trusted_senders and not (
        any(is_within_domain(domain, trusted) for trusted in source.trusted_senders)
        and verdicts.dmarc in {"PASS", None}
    ):
        reasons.append(
            Reason(code="sender_not_trusted", text=f"“{domain or '?'}” is no sender of this source")
        )
    return tuple(reasons)
