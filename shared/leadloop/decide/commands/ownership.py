"""Who works the lead: accept, reject, disqualify."""

from leadloop.decide.lead.assignment import free_rep_capacity
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.enrolment import enrol, leave_sequence
from leadloop.model.command import (
    Command,
    Disqualify,
    Reject,
)
from leadloop.model.decision import Refused
from leadloop.model.facts import PoolRef
from leadloop.model.lead import OpportunityState, TimerKind
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.policy.calendar import local_date
from leadloop.routing.fair_share import add_assigned_lead
from leadloop.sales.recycling import rejection_move


def accept_lead(change_set: ChangeSet, command: Command) -> Refused | None:
    """The owner takes it on; a lead in a queue goes to the first of its pool who asks."""
    lead, rep_id = change_set.lead, command.actor.id
    assignment = lead.assignment
    if assignment is None:
        return Refused(
            error="Conflict", text=f"a lead that is {lead.stage} has nobody to accept it"
        )
    deal = lead.opportunity
    if lead.stage is Stage.CUSTOMER and (deal is None or deal.state is not OpportunityState.OPEN):
        return Refused(error="Conflict", text="the customer has no open opportunity")
    if assignment.rep is None:
        rep = change_set.book.rep(rep_id)
        if rep is None or change_set.book.pool_of(rep_id) != assignment.pool:
            return Refused(error="Forbidden", text=f"only the pool {assignment.pool} may take it")
        change_set.facts.require(PoolRef(assignment.pool))
        day = local_date(rep.zone, change_set.now)
        change_set.put_pool(
            add_assigned_lead(change_set.pool(assignment.pool), assignment.pool, rep_id, day)
        )
        change_set.record_event(
            "OwnerChanged", before=None, owner=rep_id, pool=assignment.pool, why="claimed"
        )
        assignment = assignment.but(rep=rep_id, at=change_set.now)
    elif assignment.rep != rep_id and command.actor.role == "sales":
        return Refused(error="Conflict", text=_owner_conflict_text(change_set, assignment.rep))
    if assignment.accepted_at is not None:
        return Refused(error="Conflict", text="the lead was accepted before")
    if lead.stage is not Stage.CUSTOMER:
        change_set.update_lead(stage=move(lead.stage, Move.ACCEPT))
    change_set.update_lead(assignment=assignment.but(accepted_at=change_set.now))
    change_set.stop_timers(TimerKind.BREACH)
    change_set.update_account(pool=assignment.pool, rep=assignment.rep)
    change_set.record_event("LeadAccepted", owner=assignment.rep, pool=assignment.pool)
    return None


def _owner_conflict_text(change_set: ChangeSet, owner: str) -> str:
    rep = change_set.book.rep(owner)
    return f"the lead belongs to {rep.name if rep else owner} now"


def reject_lead(change_set: ChangeSet, action: Reject) -> Refused | None:
    lifecycle = change_set.book.playbook.lifecycle
    how = rejection_move(lifecycle, action.reason)
    if how is None:
        known = ", ".join(row.id for row in lifecycle.reject_reasons)
        return Refused(error="FieldsInvalid", text=f"reason: one of {known}")
    stage = move(change_set.lead.stage, how)
    free_rep_capacity(change_set)
    handed_back_at = change_set.lead.score.total
    change_set.update_lead(stage=stage, assignment=None, handed_back_at=handed_back_at)
    change_set.note = action.note
    change_set.record_event("LeadRejected", reason=action.reason, stage=str(stage))
    if stage is Stage.NURTURING:
        enrol(change_set)
    return None


def disqualify_lead(change_set: ChangeSet, action: Disqualify) -> Refused | None:
    stage = move(change_set.lead.stage, Move.DISQUALIFY)
    leave_sequence(change_set, "disqualified")
    free_rep_capacity(change_set)
    change_set.update_lead(stage=stage, assignment=None, open_question=None)
    change_set.record_event("LeadDisqualified", reason=action.reason)
    return None
