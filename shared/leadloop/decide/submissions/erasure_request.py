"""A vendor asks that a lead of its be forgotten: nothing more is said, and a person erases."""

from datetime import datetime

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.enrolment import leave_sequence
from leadloop.model.account import Suppression
from leadloop.model.base import Reason
from leadloop.model.decision import Applied
from leadloop.model.facts import Change, Facts, RecordRef, SuppressionRef
from leadloop.model.lead import Record
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.model.submission import Submission
from leadloop.playbook.compiled import CompiledPlaybook

ERASURE_CODE = "erasure_asked"


def erasure_reason(erases: str) -> Reason:
    """What the person reads who finds it in quarantine."""
    return Reason(code=ERASURE_CODE, text=f"the vendor asks to forget what came as {erases}")


def suppression_changes(
    submission: Submission, erases: str, facts: Facts, book: CompiledPlaybook, now: datetime
) -> tuple[Change, ...]:
    """What changes for the lead, if what is to be forgotten is part of one."""
    named = RecordRef(erases)
    facts.require(named)
    found = facts.record(named)
    if found is None or found.lead_id is None:
        return ()
    ref = RecordRef(found.lead_id)
    facts.require(ref)
    before = facts.record(ref)
    if before is None or before.lead is None:
        return ()
    change_set = _suppress_lead(submission, before, facts, book, now)
    told = Applied(lead_id=before.id, version=change_set.version, what=ERASURE_CODE)
    return change_set.build_decision(told).changes


def _suppress_lead(
    submission: Submission, before: Record, facts: Facts, book: CompiledPlaybook, now: datetime
) -> ChangeSet:
    change_set = ChangeSet(trigger_id=submission.id, facts=facts, book=book, now=now, record=before)
    if (email := change_set.lead.contact.email) is not None:
        stop = SuppressionRef(email, "all")
        facts.require(stop)
        if facts.suppression(stop) is None:
            change_set.add_change(Change(stop, None, Suppression(why=ERASURE_CODE, at=now)))
    change_set.record_event("ErasureAsked", source=submission.source, submission=submission.id)
    change_set.update_lead(open_question=None)
    leave_sequence(change_set, "asked to be forgotten")
    if change_set.lead.stage in (Stage.NEW, Stage.NURTURING):
        change_set.update_lead(stage=move(change_set.lead.stage, Move.DISQUALIFY))
        change_set.record_event("LeadDisqualified", reason=ERASURE_CODE)
    return change_set
