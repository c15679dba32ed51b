"""Who works the lead: accept, reject, disqualify."""

from leadloop.decide.lead.assignment import free_rep_capacity
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.enrolment import enrol, leave_all_sequences
from leadloop.model.command import Actor, Disqualify, Reject
from leadloop.model.decision import Refused
from leadloop.model.events.leads import LeadDisqualified, LeadRejected
from leadloop.model.events.sales import LeadAccepted, OwnerChanged
from leadloop.model.lead import Assignment, OpportunityState, TimerKind
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.policy.calendar import local_date
from leadloop.routing.fair_share import add_assigned_lead
from leadloop.sales.recycling import rejection_move


def works_lead(change_set: ChangeSet, actor: Actor) -> bool:
    """Whether the actor may work the lead: sales works its own leads only.

    Which role has which command at all is decided where the command comes in.
    """
    owner = change_set.lead.assignment.rep if change_set.lead.assignment else None
    return actor.role != "sales" or actor.id == owner


def accept_lead(change_set: ChangeSet, actor: Actor) -> Refused | None:
    """Take the lead on: its owner does, or for a lead in a queue the first rep of the pool."""
    lead, assignment = change_set.lead, change_set.lead.assignment
    if assignment is None:
        return Refused(
            error="Conflict", text=f"a lead that is {lead.stage} has nobody to accept it"
        )
    deal = lead.opportunity
    if lead.stage is Stage.CUSTOMER and (deal is None or deal.state is not OpportunityState.OPEN):
        return Refused(error="Conflict", text="the customer has no open opportunity")
    if assignment.rep is None:
        claimed = _claim_from_queue(change_set, assignment, actor.id)
        if isinstance(claimed, Refused):
            return claimed
        assignment = claimed
    elif assignment.rep != actor.id and actor.role == "sales":
        return Refused(error="Conflict", text=_owner_conflict_text(change_set, assignment.rep))
    if assignment.accepted_at is not None:
        return Refused(error="Conflict", text="the lead was accepted before")
    stage = lead.stage
    if stage is not Stage.CUSTOMER:
        stage = move(stage, Move.ACCEPT)
        change_set.update_lead(stage=stage)
    change_set.update_lead(assignment=assignment.but(accepted_at=change_set.now))
    change_set.stop_timer(TimerKind.BREACH)
    change_set.update_account(pool=assignment.pool, rep=assignment.rep)
    change_set.record_event(
        LeadAccepted(
            owner=assignment.rep, pool=assignment.pool, stage=stage, stage_before=lead.stage
        )
    )
    return None


def reject_lead(change_set: ChangeSet, action: Reject) -> Refused | None:
    """Hand the lead back; the playbook tells by the reason whether it is nurtured or closed."""
    lifecycle = change_set.book.playbook.lifecycle
    rejection = rejection_move(lifecycle, action.reason)
    if rejection is None:
        known = ", ".join(row.id for row in lifecycle.reject_reasons)
        return Refused(error="FieldsInvalid", text=f"reason: one of {known}")
    stage_before = change_set.lead.stage
    stage = move(stage_before, rejection)
    free_rep_capacity(change_set)
    handed_back_at = change_set.lead.score.total
    change_set.update_lead(stage=stage, assignment=None, handed_back_at=handed_back_at)
    change_set.note = action.note
    change_set.record_event(
        LeadRejected(reason=action.reason, stage=stage, stage_before=stage_before)
    )
    if stage is Stage.NURTURING:
        enrol(change_set)
    return None


def disqualify_lead(change_set: ChangeSet, action: Disqualify) -> Refused | None:
    """Put the lead aside: no sequence, no owner, no open question."""
    stage_before = change_set.lead.stage
    stage = move(stage_before, Move.DISQUALIFY)
    leave_all_sequences(change_set, "disqualified")
    free_rep_capacity(change_set)
    change_set.update_lead(stage=stage, assignment=None, open_question=None)
    change_set.record_event(LeadDisqualified(reason=action.reason, stage_before=stage_before))
    return None


def _claim_from_queue(
    change_set: ChangeSet, assignment: Assignment, rep_id: str
) -> Assignment | Refused:
    rep, pool = change_set.book.rep(rep_id), assignment.pool
    if rep is None or change_set.book.pool_of(rep_id) != pool:
        return Refused(error="Forbidden", text=f"only the pool {pool} may take it")
    day = local_date(rep.zone, change_set.now)
    change_set.put_pool(add_assigned_lead(change_set.pool(pool), pool, rep_id, day))
    change_set.record_event(OwnerChanged(owner=rep_id, pool=pool, why="claimed"))
    return assignment.but(rep=rep_id, at=change_set.now)


def _owner_conflict_text(change_set: ChangeSet, owner: str) -> str:
    rep = change_set.book.rep(owner)
    return f"the lead belongs to {rep.name if rep else owner} now"
