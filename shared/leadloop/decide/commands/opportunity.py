"""The deal of a lead: opened, won, lost. Values are in minor units of their currency."""

from leadloop.decide.lead.assignment import free_rep_capacity
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.model.command import Convert, Lose, Win
from leadloop.model.decision import Refused
from leadloop.model.events.sales import (
    LeadClosed,
    LeadConverted,
    LeadRecycled,
    OpportunityLost,
    OpportunityWon,
)
from leadloop.model.lead import Opportunity, OpportunityState, TimerKind
from leadloop.model.lifecycle import Move, move
from leadloop.sales.recycling import has_loss_reason, recycle_at

NO_OPEN_OPPORTUNITY = Refused(error="Conflict", text="the lead has no open opportunity")


def convert_lead(change_set: ChangeSet, action: Convert) -> Refused | None:
    """Open an opportunity for the lead."""
    stage = move(change_set.lead.stage, Move.CONVERT)
    number = len(change_set.lead.opportunities) + 1
    opportunity = Opportunity(
        id=f"{change_set.lead_id}-{number}",
        state=OpportunityState.OPEN,
        opened_at=change_set.now,
        value=action.value,
        currency=action.currency,
    )
    change_set.update_lead(stage=stage, opportunities=(*change_set.lead.opportunities, opportunity))
    change_set.record_event(
        LeadConverted(
            opportunity=opportunity.id,
            value=action.value,
            currency=action.currency,
            owner=change_set.owner,
            product_line=change_set.lead.product_line,
        )
    )
    return None


def win_opportunity(change_set: ChangeSet, action: Win) -> Refused | None:
    """Close the open opportunity as won: the lead becomes a customer, unless it is one."""
    closed = _close_opportunity(
        change_set, OpportunityState.WON, value=action.value, currency=action.currency
    )
    if closed is None:
        return NO_OPEN_OPPORTUNITY
    stage = change_set.lead.stage
    if not closed.existing_customer:
        change_set.update_lead(stage=move(stage, Move.WIN))
        change_set.update_account(customer_since=change_set.now)
    free_rep_capacity(change_set)
    change_set.record_event(
        OpportunityWon(
            opportunity=closed.id,
            value=closed.value,
            currency=closed.currency,
            existing_customer=closed.existing_customer,
            owner=change_set.owner,
            product_line=change_set.lead.product_line,
            stage_before=stage,
        )
    )
    return None


def lose_opportunity(change_set: ChangeSet, action: Lose) -> Refused | None:
    """Close the open opportunity as lost: the lead waits or is closed, a customer stays one."""
    lifecycle = change_set.book.playbook.lifecycle
    if not has_loss_reason(lifecycle, action.reason):
        known = ", ".join(row.id for row in lifecycle.lost_reasons)
        return Refused(error="FieldsInvalid", text=f"reason: one of {known}")
    closed = _close_opportunity(change_set, OpportunityState.LOST, reason=action.reason)
    if closed is None:
        return NO_OPEN_OPPORTUNITY
    change_set.note = action.note
    stage = change_set.lead.stage
    change_set.record_event(
        OpportunityLost(
            opportunity=closed.id,
            reason=action.reason,
            value=closed.value,
            currency=closed.currency,
            existing_customer=closed.existing_customer,
            owner=change_set.owner,
            product_line=change_set.lead.product_line,
            stage=stage if closed.existing_customer else move(stage, Move.LOSE),
            stage_before=stage,
        )
    )
    free_rep_capacity(change_set)
    if closed.existing_customer:
        return None
    change_set.update_lead(stage=move(change_set.lead.stage, Move.LOSE), assignment=None)
    recycle_or_close(change_set, action.reason)
    return None


def recycle_or_close(change_set: ChangeSet, reason: str | None) -> None:
    """Set the time when a lost lead is worked again, or close it if that is never."""
    lead, lifecycle = change_set.lead, change_set.book.playbook.lifecycle
    due_at = recycle_at(lifecycle, reason, lead.cycle, change_set.now)
    if due_at is None:
        change_set.update_lead(stage=move(lead.stage, Move.CLOSE))
        change_set.record_event(LeadClosed(cycle=lead.cycle, reason=reason))
    else:
        change_set.set_timer(TimerKind.RECYCLE, due_at)
        change_set.record_event(LeadRecycled(until=due_at.isoformat(), reason=reason))


def _close_opportunity(
    change_set: ChangeSet,
    state: OpportunityState,
    *,
    value: int | None = None,
    currency: str | None = None,
    reason: str | None = None,
) -> Opportunity | None:
    """The closed opportunity; None if none was open."""
    opportunity = change_set.lead.opportunity
    if opportunity is None or opportunity.state is not OpportunityState.OPEN:
        return None
    closed = opportunity.but(
        state=state,
        value=opportunity.value if value is None else value,
        currency=currency or opportunity.currency,
        closed_at=change_set.now,
        reason=reason,
    )
    others = (each for each in change_set.lead.opportunities if each.id != opportunity.id)
    change_set.update_lead(opportunities=(*others, closed))
    return closed
