"""Leads of another system's list: kept as they stood there until they are released, or ask.

While a lead is quiet nothing of it is sent, routed or timed: `qualify_or_nurture`,
`answer_inquiry` and `ChangeSet` see to that. Its owner holds nothing yet, so no pool's book
changes before the release.
"""

from collections.abc import Iterator
from typing import assert_never

from leadloop.decide.lead.assignment import assign, start_breach_timer
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.enrolment import enrol
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.rep_alert import alert_owner
from leadloop.decide.lead.scoring import rescore
from leadloop.model.base import Reason
from leadloop.model.event import TimelineEntry
from leadloop.model.events.catalogue import build_event
from leadloop.model.events.leads import LeadKeptQuiet, LeadReleased
from leadloop.model.events.submissions import HistoryKept
from leadloop.model.lead import Assignment, Opportunity, OpportunityState
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import LeadHistory, Submission
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.routing.fair_share import add_existing_lead
from leadloop.routing.policy import Rep

ACTIVE_STAGES = (Stage.NEW, Stage.NURTURING, Stage.QUALIFIED, Stage.ACCEPTED, Stage.CONVERTED)
OWNER_REQUIRED_STAGES = (Stage.ACCEPTED, Stage.CONVERTED)
OWNER_POSSIBLE_STAGES = (Stage.QUALIFIED, Stage.ACCEPTED, Stage.CONVERTED, Stage.CUSTOMER)
PREVIOUS_OWNER_ROUTE = "kept"  # the route of a lead that its previous owner has


def apply_lead_history(change_set: ChangeSet, submission: Submission) -> tuple[Reason, ...]:
    """Give a new lead the stage, owner and notes it had in another system, and keep it quiet.

    Returns a reason if its owner is unknown. A submission without a past changes nothing.
    """
    past = submission.past
    if past is None:
        return ()
    can_have_owner = past.stage in OWNER_POSSIBLE_STAGES
    rep = _find_rep(past.owner, change_set.book) if can_have_owner else None
    change_set.update_lead(quiet=True, stage=past.stage, subscriber=False)
    if rep is not None:
        change_set.update_lead(assignment=_past_assignment(rep, past, change_set.book))
    if past.stage in (Stage.CONVERTED, Stage.CUSTOMER):
        change_set.update_lead(opportunities=(_past_opportunity(change_set, past),))
    if past.stage is Stage.CUSTOMER:
        change_set.update_account(customer_since=past.since)
    deal = change_set.lead.opportunity
    change_set.record_event(
        LeadKeptQuiet(
            stage=past.stage, owner=rep.id if rep else None, opportunity=deal.id if deal else None
        )
    )
    record_history(change_set, past, submission.source)
    if past.owner is None or rep is not None or not can_have_owner:
        return ()
    text = f"“{past.owner}”, who had it, is nobody of ours"
    return (Reason(code="owner_unknown", text=text),)


def unknown_owner_reasons(submission: Submission, book: CompiledPlaybook) -> tuple[Reason, ...]:
    """The reason why its lead cannot be kept as it was: its owner at work is unknown here."""
    past = submission.past
    if (
        past is None
        or past.stage not in OWNER_REQUIRED_STAGES
        or _find_rep(past.owner, book) is not None
    ):
        return ()
    text = f"owner: “{past.owner}”, who has what is {past.stage}, is nobody of ours"
    return (Reason(code="owner", text=text),)


def record_history(change_set: ChangeSet, past: LeadHistory, source: str) -> None:
    """Put each note on the timeline, at its own time."""
    for n, note in enumerate(past.history):
        event = build_event(
            HistoryKept(source=source),
            event_id=f"{change_set.trigger_id}~{n}",
            at=note.at,
            cause=change_set.trigger_id,
            lead_id=change_set.lead_id,
        )
        entry = TimelineEntry(
            lead_id=change_set.lead_id,
            at=note.at,
            trigger_id=f"{change_set.trigger_id}~",
            n=n,
            events=(event,),
            note=note.text,
        )
        change_set.add_change(change_set.context.insert_entry(entry))


def activate_dormant(change_set: ChangeSet, why: str) -> None:
    """End the quiet: the lead is worked from where it stands, by its previous owner."""
    change_set.update_lead(quiet=False)
    change_set.record_event(LeadReleased(why=why, stage=change_set.lead.stage))
    match change_set.lead.stage:
        case Stage.NEW | Stage.NURTURING:
            rescore(change_set)
            qualify_or_nurture(change_set)
            if change_set.lead.stage is Stage.NURTURING and not change_set.lead.enrolments:
                enrol(change_set)
        case Stage.QUALIFIED | Stage.ACCEPTED | Stage.CONVERTED:
            rescore(change_set)
            _restore_owner(change_set)
        case Stage.CUSTOMER | Stage.RECYCLED | Stage.DISQUALIFIED:
            pass  # not worked until the person asks, or a wait is over
        case stage:
            assert_never(stage)


def _restore_owner(change_set: ChangeSet) -> None:
    """Give the lead to its previous owner, or to another rep if that one has left meanwhile."""
    previous = change_set.lead.assignment
    rep_id = previous.rep if previous is not None else None
    rep = change_set.book.rep(rep_id) if rep_id is not None else None
    if previous is None or rep is None:
        assign(change_set)
        return
    change_set.put_pool(add_existing_lead(change_set.pool(previous.pool), previous.pool, rep.id))
    change_set.update_lead(assignment=previous.but(held=True))
    if previous.accepted_at is None:
        start_breach_timer(change_set, rep)
        alert_owner(change_set, "had it before")


def _past_assignment(rep: Rep, past: LeadHistory, book: CompiledPlaybook) -> Assignment | None:
    pool = book.pool_of(rep.id)
    if pool is None:
        return None
    return Assignment(
        pool=pool,
        rep=rep.id,
        at=past.since,
        route=PREVIOUS_OWNER_ROUTE,
        held=False,
        accepted_at=None if past.stage is Stage.QUALIFIED else past.since,
    )


def _past_opportunity(change_set: ChangeSet, past: LeadHistory) -> Opportunity:
    is_won = past.stage is Stage.CUSTOMER
    return Opportunity(
        id=f"{change_set.lead_id}-1",
        state=OpportunityState.WON if is_won else OpportunityState.OPEN,
        opened_at=past.since,
        closed_at=past.since if is_won else None,
    )


def _find_rep(owner: str | None, book: CompiledPlaybook) -> Rep | None:
    """The rep with this id, address or name; None also where two have the name."""
    if owner is None:
        return None
    name = owner.casefold()
    reps = [rep for rep in _reps(book) if name in (rep.id.casefold(), rep.email.casefold())]
    reps = reps or [rep for rep in _reps(book) if rep.name.casefold() == name]
    return reps[0] if len(reps) == 1 else None


def _reps(book: CompiledPlaybook) -> Iterator[Rep]:
    return (rep for pool in book.playbook.pools.values() for rep in pool.reps)
