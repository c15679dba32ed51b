"""The deal: opened, won, lost."""

from leadloop.decide.lead.assignment import free_rep_capacity
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.model.command import (
    Convert,
    Lose,
    Win,
)
from leadloop.model.decision import Refused
from leadloop.model.lead import Opportunity, OpportunityState, TimerKind
from leadloop.model.lifecycle import Move, move
from leadloop.sales.recycling import has_loss_reason, recycle_at


def convert_lead(change_set: ChangeSet, action: Convert) -> Refused | None:
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
        "LeadConverted", opportunity=opportunity.id, value=action.value, currency=action.currency
    )
    return None


def win_opportunity(change_set: ChangeSet, action: Win) -> Refused | None:
    changed = _close_opportunity(
        change_set, OpportunityState.WON, value=action.value, currency=action.currency
    )
    if changed is None:
        return Refused(error="Conflict", text="the lead has no open opportunity")
    if not changed.existing_customer:
        change_set.update_lead(stage=move(change_set.lead.stage, Move.WIN))
        change_set.update_account(customer_since=change_set.now)
    free_rep_capacity(change_set)
    change_set.record_event(
        "OpportunityWon",
        opportunity=changed.id,
        value=action.value,
        currency=action.currency,
        existing_customer=changed.existing_customer,
    )
    return None


def lose_opportunity(change_set: ChangeSet, action: Lose) -> Refused | None:
    lifecycle = change_set.book.playbook.lifecycle
    if not has_loss_reason(lifecycle, action.reason):
        known = ", ".join(row.id for row in lifecycle.lost_reasons)
        return Refused(error="FieldsInvalid", text=f"reason: one of {known}")
    changed = _close_opportunity(change_set, OpportunityState.LOST, reason=action.reason)
    if changed is None:
        return Refused(error="Conflict", text="the lead has no open opportunity")
    change_set.note = action.note
    change_set.record_event("OpportunityLost", opportunity=changed.id, reason=action.reason)
    free_rep_capacity(change_set)
    if changed.existing_customer:
        return None
    change_set.update_lead(stage=move(change_set.lead.stage, Move.LOSE), assignment=None)
    recycle_or_close(change_set, action.reason)
    return None


def recycle_or_close(change_set: ChangeSet, reason: str | None) -> None:
    """Of a lead that is recycled: until it is worked again, or never."""
    again = recycle_at(
        change_set.book.playbook.lifecycle, reason, change_set.lead.cycle, change_set.now
    )
    if again is None:
        change_set.update_lead(stage=move(change_set.lead.stage, Move.CLOSE))
        change_set.record_event("LeadClosed", cycle=change_set.lead.cycle, reason=reason)
    else:
        change_set.set_timer(TimerKind.RECYCLE, again)
        change_set.record_event("LeadRecycled", until=again.isoformat(), reason=reason)


def _close_opportunity(
    change_set: ChangeSet,
    state: OpportunityState,
    *,
    value: int | None = None,
    currency: str | None = None,
    reason: str | None = None,
) -> Opportunity | None:
    found = change_set.lead.opportunity
    if found is None or found.state is not OpportunityState.OPEN:
        return None
    closed = found.but(
        state=state,
        value=found.value if value is None else value,
        currency=currency or found.currency,
        closed_at=change_set.now,
        reason=reason,
    )
    others = (o for o in change_set.lead.opportunities if o.id != found.id)
    change_set.update_lead(opportunities=(*others, closed))
    return closed
