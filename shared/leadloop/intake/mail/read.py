"""Vendor mails become submissions, and whatever is in doubt says why.

What the mail server found, and who sends, is asked before what the mail says; and what answers one
of our mails by machine is no inquiry, whatever it says.
"""

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.mapping import missing, submission_of
from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.mail.message import Mail, open_mail
from leadloop.intake.mail.prospects import prospects_of
from leadloop.intake.mail_templates import within
from leadloop.intake.policy import MailSource
from leadloop.model.base import Reason
from leadloop.model.errors import TooLarge, Unreadable
from leadloop.model.submission import Submission

PARSER = "mail/3"  # of a mail in which no reader found its format
MACHINES = {
    "bounce": "a mail that could not be delivered came back",
    "complaint": "somebody calls a mail spam",
    "auto_reply": "a machine answers a mail",
}


def read_mail(envelope: Envelope, body: bytes, source: MailSource) -> tuple[Submission, ...]:
    """One submission per prospect; one in doubt carries its `unreadable` reasons.

    Raises `Unreadable` or `TooLarge` when nothing at all can be made of the mail.
    """
    mail = open_mail(body)
    if answer := answer_of_a_machine(mail):
        return (no_inquiry(envelope, answer),)
    doubts = doubts_of(envelope, mail, source)
    return tuple(
        _submission(envelope, mail, source, prospect, doubts, n)
        for n, prospect in enumerate(prospects_of(mail, source), 1)
    )


def for_nobody(envelope: Envelope, body: bytes, why: Reason) -> Submission:
    """A mail to an address that is no source's: for somebody to look at, unless a machine wrote it.

    Bounces of our own mail come this way, to the address it was from.
    """
    submission = no_inquiry(envelope, why)
    try:
        answer = answer_of_a_machine(open_mail(body))
    except (TooLarge, Unreadable):
        answer = None
    return (
        submission.but(refused=(answer,))
        if answer
        else submission.but(refused=(), unreadable=(why,))
    )


def answer_of_a_machine(mail: Mail) -> Reason | None:
    """Whether, and why, the mail is no inquiry."""
    why = MACHINES.get(mail.nature)
    return Reason(code=mail.nature, text=why) if why else None


def no_inquiry(envelope: Envelope, why: Reason) -> Submission:
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
    mail: Mail,
    source: MailSource,
    prospect: Prospect,
    doubts: tuple[Reason, ...],
    n: int,
) -> Submission:
    lacks = missing(source.required, prospect.parts, source.fields)
    submission = submission_of(envelope, prospect.parts, prospect.parser, n=n)
    own = f"{mail.message_id}#{n}" if mail.message_id and n > 1 else mail.message_id
    return submission.but(message_id=own, unreadable=(*doubts, *prospect.doubts, *lacks))


def doubts_of(envelope: Envelope, mail: Mail, source: MailSource) -> tuple[Reason, ...]:
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
        any(within(domain, trusted) for trusted in source.trusted_senders)
        and verdicts.dmarc in {"PASS", None}
    ):
        reasons.append(
            Reason(code="sender_not_trusted", text=f"“{domain or '?'}” is no sender of this source")
        )
    return tuple(reasons)
