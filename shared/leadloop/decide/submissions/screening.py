"""What keeps a submission from becoming a lead: a bot, no inquiry, doubts, no way to answer."""

from leadloop.decide.lead.dormant import unknown_owner_reasons
from leadloop.decide.submissions.case import SubmissionCase
from leadloop.model.base import Reason
from leadloop.model.decision import Decision

HONEYPOT_REASON = Reason(code="honeypot", text="a field that no human sees was filled in")
UNREACHABLE_REASON = Reason(
    code="no_way_to_reach", text="neither an e-mail address nor a phone number is usable"
)


def reject_trapped(case: SubmissionCase) -> Decision | None:
    """Reject a submission that filled in the honeypot field."""
    return case.reject(HONEYPOT_REASON) if case.submission.trap else None


def reject_refused(case: SubmissionCase) -> Decision | None:
    """Reject a submission that its reader took for no inquiry at all."""
    refused = case.submission.refused
    return case.reject(*refused) if refused else None


def quarantine_doubtful(case: SubmissionCase) -> Decision | None:
    """Quarantine an unreadable submission, or one whose lead has an unknown owner at work."""
    doubts = case.submission.unreadable or unknown_owner_reasons(case.submission, case.book)
    return case.quarantine(*doubts) if doubts else None


def stop_unreachable(case: SubmissionCase) -> Decision | None:
    """Quarantine a person without address or number; reject one with a throw-away address only."""
    contact, findings = case.inquiry.normalised.contact, case.inquiry.normalised.findings
    if not (contact.email or contact.phone or case.submission.relay):
        return case.quarantine(UNREACHABLE_REASON, *findings.reasons)
    if findings.disposable and not contact.phone:
        return case.reject(*(r for r in findings.reasons if r.code == "email_disposable"))
    return None
