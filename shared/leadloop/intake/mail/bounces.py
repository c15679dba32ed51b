"""What sort of mail it is, and whose address a mail that came back had been for.

Reports that follow the standards say it in fields, but one in four does not follow them. Then two
things must come together before a mail counts as a bounce: its form (the sender, the return path, a
returned mail inside) and its words. Neither is enough alone. Mails of vendors have an empty return
path, too, and people write "undelivered".
"""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from leadloop.intake.mail.abuse_reports import is_abuse_report, is_from_a_person
from leadloop.intake.mail.address_kinds import mail_server_pattern
from leadloop.intake.mail.auto_replies import is_auto_reply
from leadloop.intake.mail.bounce_phrases import (
    enclosed_mail_mention_pattern,
    enclosed_mail_pattern,
    not_delivered_pattern,
)
from leadloop.intake.mail.bounce_recipients import find_recipients
from leadloop.intake.mail.delivery_reports import is_delivery_report, is_permanent_failure
from leadloop.intake.mail.evidence import MailClassification, MailEvidence
from leadloop.intake.mail.headers import read_address
from leadloop.intake.mail.ses_notifications import notification_kind
from leadloop.intake.mail.subject_phrases import reply_prefix_pattern

SMTP_REPLY = re.compile(  # of a refusal: "550 5.1.1 …" (RFC 5321, 4.2; RFC 3463)
    r"(?m)(?:^|[\s:;(<\"'])(?:[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}\b|5[05]\d[ -])"
)
ENOUGH_WEIGHT = 3  # of form and words together
ENOUGH_WORDS = 2  # without the form of a report, where a mail is enclosed


class BounceSign(NamedTuple):
    """A sign that a mail came back; `part` tells where it shows."""

    name: str
    part: Literal["form", "words", "enclosed"]
    weight: int
    test: Callable[[MailEvidence], bool]


def classify_mail(evidence: MailEvidence) -> MailClassification:
    """What sort of mail it is, with the recipients that a report is about."""
    notification = notification_kind(evidence.text)
    if is_abuse_report(evidence) or notification == "complaint":
        recipients = find_recipients(evidence)
        return MailClassification("complaint", recipients, is_from_a_person(evidence))
    if is_delivery_report(evidence) or notification:
        return _bounce(evidence)
    signs = bounce_signs(evidence)
    if _is_informal_bounce(evidence, signs):
        return _bounce(evidence, signs)
    if is_auto_reply(evidence):
        _, sender = read_address(evidence.message, "From")
        return MailClassification("auto_reply", (sender,) if sender else ())
    is_reply = evidence.answers_a_mail and reply_prefix_pattern().match(evidence.subject)
    return MailClassification("reply" if is_reply else "lead")


def bounce_signs(evidence: MailEvidence) -> tuple[BounceSign, ...]:
    """The signs of a bounce that the mail shows."""
    return tuple(sign for sign in BOUNCE_SIGNS if sign.test(evidence))


def _bounce(evidence: MailEvidence, signs: tuple[BounceSign, ...] = ()) -> MailClassification:
    return MailClassification(
        "bounce",
        find_recipients(evidence),
        is_permanent_failure(evidence),
        tuple(sign.name for sign in signs),
    )


def _is_informal_bounce(evidence: MailEvidence, signs: tuple[BounceSign, ...]) -> bool:
    """Whether form and words together weigh enough, or the words with a mail that is enclosed."""
    if evidence.return_path == "<>" and _subject_says_undelivered(evidence):
        return True
    form, words, enclosed = (_weight(signs, part) for part in ("form", "words", "enclosed"))
    if form and words and form + words + enclosed >= ENOUGH_WEIGHT:
        return True
    return words >= ENOUGH_WORDS and enclosed > 0


def _weight(signs: tuple[BounceSign, ...], part: str) -> int:
    return sum(sign.weight for sign in signs if sign.part == part)


def _is_from_mail_server(evidence: MailEvidence) -> bool:
    return mail_server_pattern().search(evidence.sender_line) is not None


def _is_from_server_called_mail(evidence: MailEvidence) -> bool:
    """`MAILER-DAEMON` and `Mail Delivery System` are surer than `postmaster`."""
    match = mail_server_pattern().search(evidence.sender_line)
    return match is not None and match[0].lower().startswith("mail")


def _wants_no_report(evidence: MailEvidence) -> bool:
    return evidence.return_path in {"<>", "<mailer-daemon>"}


def _returns_to_mail_server(evidence: MailEvidence) -> bool:
    return mail_server_pattern().match(evidence.return_path.lstrip("<")) is not None


def _attaches_a_mail(evidence: MailEvidence) -> bool:
    return bool({"message/rfc822", "text/rfc822-headers"} & evidence.types)


def _has_report_type(evidence: MailEvidence) -> bool:
    return evidence.message.get_content_type() == "multipart/report"


def _subject_says_undelivered(evidence: MailEvidence) -> bool:
    return not_delivered_pattern().search(evidence.subject) is not None


def _text_says_undelivered(evidence: MailEvidence) -> bool:
    return not_delivered_pattern().search(evidence.text) is not None


def _quotes_a_refusal(evidence: MailEvidence) -> bool:
    return SMTP_REPLY.search(evidence.text) is not None


def _encloses_a_mail(evidence: MailEvidence) -> bool:
    text = evidence.text
    return bool(
        enclosed_mail_pattern().search(text) or enclosed_mail_mention_pattern().search(text)
    )


BOUNCE_SIGNS = (
    BounceSign("a mail server sends it", "form", 1, _is_from_mail_server),
    BounceSign("the sender is called “mail…”", "form", 1, _is_from_server_called_mail),
    BounceSign("its return path wants no report", "form", 1, _wants_no_report),
    BounceSign("its return path is a mail server's", "form", 1, _returns_to_mail_server),
    BounceSign("a mail or its header is attached", "form", 1, _attaches_a_mail),
    BounceSign("its type is that of a report (RFC 6522)", "form", 1, _has_report_type),
    BounceSign("the subject says it was not delivered", "words", 1, _subject_says_undelivered),
    BounceSign("the text says it was not delivered", "words", 1, _text_says_undelivered),
    BounceSign("the text quotes a server's refusal", "words", 1, _quotes_a_refusal),
    BounceSign("the text encloses a mail", "enclosed", 1, _encloses_a_mail),
)
