"""A person answers a mail of ours: it counts for the lead, and a person reads it first of all."""

import hashlib

from leadloop.decide.lead.auto_response import record_open_question
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.rep_alert import alert_owner
from leadloop.decide.lead.returned_mail import find_sent_mail, went_to
from leadloop.decide.lead.scoring import rescore
from leadloop.decide.lead.stops import lift_bounce_stop
from leadloop.decide.lead.visitors import MOST_TOUCHPOINTS, merge_touchpoints
from leadloop.decide.submissions.case import SubmissionCase
from leadloop.model.base import Reason
from leadloop.model.decision import Decision
from leadloop.model.events.messages import SignalConfirmed
from leadloop.model.person import Touchpoint
from leadloop.model.submission import Submission

REPLY = "reply"
REPLY_REASON = Reason(code=REPLY, text="answers a mail of ours")
UNKNOWN_LEAD_REASON = Reason(
    code="no_such_lead", text="it answers a mail about a lead that is no more"
)
NOT_OURS_REASON = Reason(
    code="answers_no_mail", text="it answers no mail that went from us to its sender"
)


def merge_reply(case: SubmissionCase) -> Decision | None:
    """Merged into the lead whose mail it answers; quarantined if there is no such lead or mail.

    Only the address that our mail went to can answer it, unless a person has released the answer.
    A mail that came a second time, to another address of ours, has its outcome and no more.
    """
    submission, lead_id = case.submission, case.submission.answers
    if lead_id is None:
        return None
    if case.find_lead(lead_id) is None:
        return case.quarantine(UNKNOWN_LEAD_REASON)
    is_released = submission.released_by is not None and not submission.replayed
    mail = find_sent_mail(lead_id, case, digest=submission.answered_mail)
    is_answer = mail is not None and went_to(mail, [submission.answered_by or ""])
    if not is_released and not is_answer:
        return case.quarantine(NOT_OURS_REASON)
    # The address names only the person; the mail tells of which lead it was.
    before = case.find_lead(mail.lead_id if mail is not None else lead_id)
    if before is None:
        return case.quarantine(UNKNOWN_LEAD_REASON)
    touch = Touchpoint(id=_touchpoint_id(submission), signal=REPLY, at=submission.received_at)
    if any(known.id == touch.id for known in before.person.touchpoints):
        return case.merge_again(before.id, REPLY_REASON)
    change_set = case.open_lead(before)
    _record_reply(change_set, case, touch)
    return case.merge(change_set, REPLY_REASON)


def _record_reply(change_set: ChangeSet, case: SubmissionCase, touch: Touchpoint) -> None:
    touchpoints = merge_touchpoints(change_set.person.touchpoints, (touch,))[-MOST_TOUCHPOINTS:]
    was_owned = change_set.lead.assignment is not None
    change_set.update_person(touchpoints=touchpoints)
    change_set.note = case.submission.interest.message
    case.record_release(change_set)
    change_set.record_event(SignalConfirmed(signal=REPLY))
    rescore(change_set)
    qualify_or_nurture(change_set)
    if case.submission.answered_by is not None and case.submission.released_by is None:
        lift_bounce_stop(change_set, case.submission.answered_by, case.submission.received_at)
    record_open_question(change_set, case.submission.received_at)
    if was_owned:  # a new owner has just been alerted anyway
        alert_owner(change_set, "has answered a mail of ours", is_reply=True)


def _touchpoint_id(submission: Submission) -> str:
    """The same for every copy of one mail; it does not show whose mail it is."""
    key = (submission.message_id or submission.id).encode()
    return f"{REPLY}:{hashlib.sha256(key).hexdigest()[:26]}"
