"""A vendor asks that a lead of its be forgotten: nothing more is said, and a person erases."""

from datetime import datetime

from leadloop.decide.lead.change_set import Draft
from leadloop.decide.lead.qualification import leave_sequence
from leadloop.model.account import Suppression
from leadloop.model.base import Reason
from leadloop.model.decision import Applied
from leadloop.model.facts import Change, Facts, RecordRef, SuppressionRef
from leadloop.model.lead import Record
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.model.submission import Submission
from leadloop.playbook.compiled import Compiled

WHY = "erasure_asked"


def reason(erases: str) -> Reason:
    """What the person reads who finds it in quarantine."""
    return Reason(code=WHY, text=f"the vendor asks to forget what came as {erases}")


def silenced(
    submission: Submission, erases: str, facts: Facts, book: Compiled, now: datetime
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
    draft = _quiet(submission, before, facts, book, now)
    told = Applied(lead_id=before.id, version=draft.version, what=WHY)
    return draft.decision(told).changes


def _quiet(
    submission: Submission, before: Record, facts: Facts, book: Compiled, now: datetime
) -> Draft:
    draft = Draft(trigger_id=submission.id, facts=facts, book=book, now=now, record=before)
    if (email := draft.lead.contact.email) is not None:
        stop = SuppressionRef(email, "all")
        facts.require(stop)
        if facts.suppression(stop) is None:
            draft.put(Change(stop, None, Suppression(why=WHY, at=now)))
    draft.event("ErasureAsked", source=submission.source, submission=submission.id)
    draft.set(open_question=None)
    leave_sequence(draft, "asked to be forgotten")
    if draft.lead.stage in (Stage.NEW, Stage.NURTURING):
        draft.set(stage=move(draft.lead.stage, Move.DISQUALIFY))
        draft.event("LeadDisqualified", reason=WHY)
    return draft
