"""A person answers a mail of ours: it counts for the lead, and somebody reads it first of all."""

import hashlib
from datetime import datetime

from leadloop.decide.lead.assignment import alert_owner
from leadloop.decide.lead.auto_response import record_open_question
from leadloop.decide.lead.change_set import ChangeSet, without_changes
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import rescore
from leadloop.decide.lead.visitors import MOST_TOUCHPOINTS, merge_touchpoints
from leadloop.decide.submissions.records import (
    finish_merge,
    open_change_set,
    record_of,
    record_release,
    release_changes,
)
from leadloop.model.base import Reason
from leadloop.model.decision import Decision, Verdict
from leadloop.model.facts import Change, Facts, RecordRef
from leadloop.model.lead import SubmissionOutcome, Touchpoint
from leadloop.model.submission import Submission
from leadloop.playbook.compiled import CompiledPlaybook

REPLY = "reply"
REPLY_REASON = Reason(code=REPLY, text="answers a mail of ours")


def merge_reply(
    submission: Submission, lead_id: str, facts: Facts, book: CompiledPlaybook, now: datetime
) -> Decision | None:
    """Merged into the lead whose mail it answers; None: there is no such lead.

    The mail that came a second time, to another address of ours, has its outcome and no more.
    """
    facts.require(RecordRef(lead_id))
    before = facts.record(RecordRef(lead_id))
    if before is None or before.lead is None:
        return None
    touch = Touchpoint(id=_touchpoint_id(submission), signal=REPLY, at=submission.received_at)
    if any(known.id == touch.id for known in before.lead.touchpoints):
        return _repeat_decision(submission, lead_id, facts, book, now)
    change_set = open_change_set(submission, before, facts, book, now)
    _record_reply(change_set, submission, touch)
    return finish_merge(change_set, submission, (REPLY_REASON,))


def _repeat_decision(
    submission: Submission, lead_id: str, facts: Facts, book: CompiledPlaybook, now: datetime
) -> Decision:
    outcome, reasons = SubmissionOutcome.MERGED, (REPLY_REASON,)
    verdict = Verdict(
        submission_id=submission.id, outcome=outcome, lead_id=lead_id, reasons=reasons
    )
    record = record_of(submission, outcome, reasons, lead_id, book, now)
    kept = Change(RecordRef(submission.id), None, record)
    return without_changes(verdict, book, now)._replace(
        changes=(kept, *release_changes(submission, facts))
    )


def _record_reply(change_set: ChangeSet, submission: Submission, touch: Touchpoint) -> None:
    touchpoints = merge_touchpoints(change_set.lead.touchpoints, (touch,))[-MOST_TOUCHPOINTS:]
    owned = change_set.lead.assignment is not None
    change_set.update_lead(touchpoints=touchpoints)
    change_set.note = submission.interest.message
    record_release(change_set, submission)
    change_set.record_event("SignalConfirmed", signal=REPLY, delivery=None)
    rescore(change_set)
    qualify_or_nurture(change_set)
    record_open_question(change_set, submission.received_at)
    if owned:  # else whoever has just become the owner is told anyway
        alert_owner(change_set, "has answered a mail of ours")


def _touchpoint_id(submission: Submission) -> str:
    """The same for every copy of one mail, and nothing that tells whose it is."""
    named = (submission.message_id or submission.id).encode()
    return f"{REPLY}:{hashlib.sha256(named).hexdigest()[:26]}"
