"""A person answers a mail of ours: it counts for the lead, and somebody reads it first of all."""

import hashlib
from datetime import datetime

from leadloop.decide.lead.auto_response import leave_to_a_person
from leadloop.decide.lead.change_set import Draft, without_changes
from leadloop.decide.lead.qualification import advance, rescore, tell_owner
from leadloop.decide.lead.visitors import KEPT_TOUCHPOINTS, with_touches
from leadloop.decide.submissions.records import draft_of, merged, record_of, released, tell_release
from leadloop.model.base import Reason
from leadloop.model.decision import Decision, Verdict
from leadloop.model.facts import Change, Facts, RecordRef
from leadloop.model.lead import SubmissionOutcome, Touchpoint
from leadloop.model.submission import Submission
from leadloop.playbook.compiled import Compiled

REPLY = "reply"
REASON = Reason(code=REPLY, text="answers a mail of ours")


def replied(
    submission: Submission, lead_id: str, facts: Facts, book: Compiled, now: datetime
) -> Decision | None:
    """Merged into the lead whose mail it answers; None: there is no such lead.

    The mail that came a second time, to another address of ours, has its outcome and no more.
    """
    facts.require(RecordRef(lead_id))
    before = facts.record(RecordRef(lead_id))
    if before is None or before.lead is None:
        return None
    touch = Touchpoint(id=_id(submission), signal=REPLY, at=submission.received_at)
    if any(known.id == touch.id for known in before.lead.touchpoints):
        return _counted_before(submission, lead_id, facts, book, now)
    draft = draft_of(submission, before, facts, book, now)
    _count(draft, submission, touch)
    return merged(draft, submission, (REASON,))


def _counted_before(
    submission: Submission, lead_id: str, facts: Facts, book: Compiled, now: datetime
) -> Decision:
    outcome, reasons = SubmissionOutcome.MERGED, (REASON,)
    verdict = Verdict(
        submission_id=submission.id, outcome=outcome, lead_id=lead_id, reasons=reasons
    )
    record = record_of(submission, outcome, reasons, lead_id, book, now)
    kept = Change(RecordRef(submission.id), None, record)
    return without_changes(verdict, book, now)._replace(
        changes=(kept, *released(submission, facts))
    )


def _count(draft: Draft, submission: Submission, touch: Touchpoint) -> None:
    touchpoints = with_touches(draft.lead.touchpoints, (touch,))[-KEPT_TOUCHPOINTS:]
    owned = draft.lead.assignment is not None
    draft.set(touchpoints=touchpoints)
    draft.note = submission.interest.message
    tell_release(draft, submission)
    draft.event("SignalConfirmed", signal=REPLY, delivery=None)
    rescore(draft)
    advance(draft)
    leave_to_a_person(draft, submission.received_at)
    if owned:  # else whoever has just become the owner is told anyway
        tell_owner(draft, "has answered a mail of ours")


def _id(submission: Submission) -> str:
    """The same for every copy of one mail, and nothing that tells whose it is."""
    named = (submission.message_id or submission.id).encode()
    return f"{REPLY}:{hashlib.sha256(named).hexdigest()[:26]}"
