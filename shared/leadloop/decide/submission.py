"""An inquiry: a new lead, a touch of a known one, or a reason why it is neither.

The order of the checks is the table `STAGES`. A new check is a row in it.
"""

from collections.abc import Callable

from leadloop.decide.lead.context import DecisionContext
from leadloop.decide.lead.dormant import unknown_owner_reasons
from leadloop.decide.submissions.captcha import verify_captcha
from leadloop.decide.submissions.case import SubmissionCase
from leadloop.decide.submissions.erasure_request import quarantine_erasure_request
from leadloop.decide.submissions.new_lead import create_lead
from leadloop.decide.submissions.repeat import answer_repeat
from leadloop.decide.submissions.replay import keep_if_unchanged, merge_replay
from leadloop.decide.submissions.reply import merge_reply
from leadloop.decide.submissions.same_person import merge_same_person
from leadloop.decide.submissions.vendor_fetch import add_vendor_details
from leadloop.model.base import Reason
from leadloop.model.decision import Decision
from leadloop.model.lead import Record
from leadloop.model.submission import Channel, Submission

TEST_REASON = Reason(code="test", text="the vendor marks it as a test")
HONEYPOT_REASON = Reason(code="honeypot", text="a field that no human sees was filled in")
UNREACHABLE_REASON = Reason(
    code="no_way_to_reach", text="neither an e-mail address nor a phone number is usable"
)

# The decision, the case as it is known better now, or None: the next stage is asked.
Stage = Callable[[SubmissionCase], Decision | SubmissionCase | None]


def decide(submission: Submission, context: DecisionContext) -> Decision:
    """The submission's one outcome; a second copy of it gets the first one's answer."""
    case = SubmissionCase.open(submission, context)
    for stage in STAGES:
        result = stage(case)
        if isinstance(result, Decision):
            return result if stage in FINAL_STAGES else _review(case, result)
        if result is not None:
            case = result
    raise ValueError(f"no stage decided on the submission {submission.id}")


def _review(case: SubmissionCase, decision: Decision) -> Decision:
    """The decision, unless a replay brought nothing better; a test writes nothing."""
    reviewed = keep_if_unchanged(case, decision)
    return reviewed._replace(changes=()) if case.submission.test else reviewed


def read_first_facts(case: SubmissionCase) -> None:
    """Ask in one go for all that most submissions need."""
    case.facts.require(*case.first_refs())


def record_vendor_test(case: SubmissionCase) -> Decision | None:
    """A vendor's test is stored under its id, without an event: nothing counts it."""
    if not (case.submission.test and case.submission.channel is Channel.WEBHOOK):
        return None
    decision = case.reject(TEST_REASON)
    silent = tuple(
        change._replace(after=change.after.but(events=(), contact=None))
        if isinstance(change.after, Record)
        else change
        for change in decision.changes
    )
    return decision._replace(changes=silent, events=())


def reject_trapped(case: SubmissionCase) -> Decision | None:
    """Reject what filled in the honeypot field."""
    return case.reject(HONEYPOT_REASON) if case.submission.trap else None


def reject_refused(case: SubmissionCase) -> Decision | None:
    """Reject what the reader took for no inquiry at all."""
    refused = case.submission.refused
    return case.reject(*refused) if refused else None


def quarantine_doubtful(case: SubmissionCase) -> Decision | None:
    """Quarantine what could not be read, and a lead in work whose owner we do not know."""
    doubts = case.submission.unreadable or unknown_owner_reasons(case.submission, case.book)
    return case.quarantine(*doubts) if doubts else None


def stop_unreachable(case: SubmissionCase) -> Decision | None:
    """Quarantine a person without address or number; reject one with a throw-away address only."""
    contact, findings = case.normalised.contact, case.normalised.findings
    if not (contact.email or contact.phone or case.submission.relay):
        return case.quarantine(UNREACHABLE_REASON, *findings.reasons)
    if findings.disposable and not contact.phone:
        return case.reject(*(r for r in findings.reasons if r.code == "email_disposable"))
    return None


STAGES: tuple[Stage, ...] = (
    add_vendor_details,
    verify_captcha,
    read_first_facts,
    answer_repeat,
    record_vendor_test,
    merge_replay,
    reject_trapped,
    quarantine_erasure_request,
    reject_refused,
    quarantine_doubtful,
    merge_reply,
    stop_unreachable,
    merge_same_person,
    create_lead,
)
# What these decide stands, for a test and a replay too.
FINAL_STAGES = frozenset({add_vendor_details, answer_repeat, record_vendor_test})
