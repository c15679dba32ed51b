"""A vendor asks that a lead of its be forgotten: nothing more is said, and a person erases."""

from datetime import datetime

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.qualification import leave_sequence
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
    draft = _suppress_lead(submission, before, facts, book, now)
    told = Applied(lead_id=before.id, version=draft.version, what=ERASURE_CODE)
    return draft.build_decision(told).changes


def _suppress_lead(
    submission: Submission, before: Record, facts: Facts, book: CompiledPlaybook, now: datetime
) -> ChangeSet:
    draft = ChangeSet(trigger_id=submission.id, facts=facts, book=book, now=now, record=before)
    if (email := draft.lead.contact.email) is not None:
        stop = SuppressionRef(email, "all")
        facts.require(stop)
        if facts.suppression(stop) is None:
            draft.add_change(Change(stop, None, Suppression(why=ERASURE_CODE, at=now)))
    draft.record_event("ErasureAsked", source=submission.source, submission=submission.id)
    draft.update_lead(open_question=None)
    leave_sequence(draft, "asked to be forgotten")
    if draft.lead.stage in (Stage.NEW, Stage.NURTURING):
        draft.update_lead(stage=move(draft.lead.stage, Move.DISQUALIFY))
        draft.record_event("LeadDisqualified", reason=ERASURE_CODE)
    return draft
