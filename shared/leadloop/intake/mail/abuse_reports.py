"""Complaints: somebody calls a mail of ours spam.

Sources: RFC 5965 (the Abuse Reporting Format), its feedback types in RFC 6430 (`not-spam`) and
RFC 6591 (`auth-failure`), and the headers of Hotmail's and Apple's own reports.
"""

import re

from leadloop.intake.mail.evidence import MailEvidence

SERVER_FEEDBACK_TYPE = re.compile(
    r"(?im)^feedback-type:[ \t]{0,8}(?:auth-failure|not-spam|virus|other)\b"
)
HOTMAIL_RECIPIENT_LINE = re.compile(r"(?im)^x-hmxmroriginalrecipient:")


def is_abuse_report(evidence: MailEvidence) -> bool:
    """Whether the mail is a report in the standard's form, or in a mail provider's own."""
    return (
        evidence.report_type == "feedback-report"
        or "message/feedback-report" in evidence.types
        or bool(evidence.header("X-HmXmrOriginalRecipient"))
        or bool(evidence.header("X-Apple-Unsubscribe"))
        or (
            "message/rfc822" in evidence.types
            and HOTMAIL_RECIPIENT_LINE.search(evidence.raw) is not None
        )
    )


def is_from_a_person(evidence: MailEvidence) -> bool:
    """Whether a person complains; False where a server reports a forged mail or a virus."""
    return SERVER_FEEDBACK_TYPE.search(evidence.raw) is None
