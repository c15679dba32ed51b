"""Leads of another system's list: kept as they stood there until they are released, or ask.

While a lead is quiet nothing of it is said, routed or timed: `advance`, `answer` and `Draft` see to
that. Its owner holds nothing yet, so that no pool's book is changed before.
"""

from collections.abc import Iterator
from typing import assert_never

from leadloop.decide.lead.change_set import ChangeSet, entry_ref
from leadloop.decide.lead.qualification import (
    alert_owner,
    assign,
    enrol,
    qualify_or_nurture,
    rescore,
    start_accept_timer,
)
from leadloop.model.base import Reason
from leadloop.model.event import Event, TimelineEntry
from leadloop.model.facts import Change, PoolRef
from leadloop.model.lead import (
    Assignment,
    Opportunity,
    OpportunityState,
)
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import LeadHistory, Submission
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.routing.fair_share import add_existing_lead
from leadloop.routing.policy import Rep

ACTIVE_STAGES = (Stage.NEW, Stage.NURTURING, Stage.QUALIFIED, Stage.ACCEPTED, Stage.CONVERTED)
OWNER_REQUIRED_STAGES = (Stage.ACCEPTED, Stage.CONVERTED)
OWNER_POSSIBLE_STAGES = (
    Stage.QUALIFIED,
    Stage.ACCEPTED,
    Stage.CONVERTED,
    Stage.CUSTOMER,
)  # by somebody
PREVIOUS_OWNER_ROUTE = "kept"  # the route of who had it before


def apply_lead_history(draft: ChangeSet, submission: Submission) -> tuple[Reason, ...]:
    """A new lead of another system's list gets its stage, owner and history; any other nothing."""
    past = submission.past
    if past is None:
        return ()
    rep = _find_rep(past.owner, draft.book) if past.stage in OWNER_POSSIBLE_STAGES else None
    draft.update_lead(quiet=True, stage=past.stage, subscriber=False)
    if rep is not None:
        draft.update_lead(assignment=_past_assignment(rep, past, draft.book))
    if past.stage in (Stage.CONVERTED, Stage.CUSTOMER):
        draft.update_lead(opportunities=(_past_opportunity(draft, past),))
    if past.stage is Stage.CUSTOMER:
        draft.update_account(customer_since=past.since)
    draft.record_event("LeadKeptQuiet", stage=str(past.stage), owner=rep.id if rep else None)
    record_history(draft, past, submission.source)
    if past.owner is None or rep is not None or past.stage not in OWNER_POSSIBLE_STAGES:
        return ()
    text = f"“{past.owner}”, who had it, is nobody of ours"
    return (Reason(code="owner_unknown", text=text),)


def unknown_owner_reasons(submission: Submission, book: CompiledPlaybook) -> tuple[Reason, ...]:
    """Why its lead cannot be kept as it was: somebody works on it, and we do not know who."""
    past = submission.past
    if (
        past is None
        or past.stage not in OWNER_REQUIRED_STAGES
        or _find_rep(past.owner, book) is not None
    ):
        return ()
    text = f"owner: “{past.owner}”, who has what is {past.stage}, is nobody of ours"
    return (Reason(code="owner", text=text),)


def record_history(draft: ChangeSet, past: LeadHistory, source: str) -> None:
    """Each note on the timeline, at its own time."""
    for n, note in enumerate(past.history):
        event = Event(
            id=f"{draft.trigger_id}~{n}",
            name="HistoryKept",
            occurred_at=note.at,
            cause=draft.trigger_id,
            lead_id=draft.lead_id,
            data={"source": source},
        )
        entry = TimelineEntry(
            lead_id=draft.lead_id,
            at=note.at,
            trigger_id=f"{draft.trigger_id}~",
            n=n,
            events=(event,),
            note=note.text,
        )
        draft.add_change(Change(entry_ref(entry), None, entry))


def activate_dormant(draft: ChangeSet, why: str) -> None:
    """Quiet no more: worked from where it stands, by who had it."""
    draft.update_lead(quiet=False)
    draft.record_event("LeadReleased", why=why, stage=str(draft.lead.stage))
    match draft.lead.stage:
        case Stage.NEW | Stage.NURTURING:
            rescore(draft)
            qualify_or_nurture(draft)
            if draft.lead.stage is Stage.NURTURING and draft.lead.enrolment is None:
                enrol(draft)
        case Stage.QUALIFIED | Stage.ACCEPTED | Stage.CONVERTED:
            rescore(draft)
            _restore_owner(draft)
        case Stage.CUSTOMER | Stage.RECYCLED | Stage.DISQUALIFIED:
            pass  # nobody works on it until the person asks, or a wait is over
        case stage:
            assert_never(stage)


def _restore_owner(draft: ChangeSet) -> None:
    """Whose it was holds it now; has he left meanwhile, it is given away like any other."""
    before = draft.lead.assignment
    rep = draft.book.rep(before.rep) if before is not None and before.rep is not None else None
    if before is None or rep is None:
        assign(draft)
        return
    draft.facts.require(PoolRef(before.pool))
    draft.put_pool(add_existing_lead(draft.pool(before.pool), before.pool, rep.id))
    draft.update_lead(assignment=before.but(held=True))
    if before.accepted_at is None:
        start_accept_timer(draft, rep)
        alert_owner(draft, "had it before")


def _past_assignment(rep: Rep, past: LeadHistory, book: CompiledPlaybook) -> Assignment | None:
    pool = book.pool_of(rep.id)
    if pool is None:
        return None
    accepted = None if past.stage is Stage.QUALIFIED else past.since
    return Assignment(
        pool=pool,
        rep=rep.id,
        at=past.since,
        route=PREVIOUS_OWNER_ROUTE,
        held=False,
        accepted_at=accepted,
    )


def _past_opportunity(draft: ChangeSet, past: LeadHistory) -> Opportunity:
    won = past.stage is Stage.CUSTOMER
    return Opportunity(
        id=f"{draft.lead_id}-1",
        state=OpportunityState.WON if won else OpportunityState.OPEN,
        opened_at=past.since,
        closed_at=past.since if won else None,
    )


def _find_rep(owner: str | None, book: CompiledPlaybook) -> Rep | None:
    """By id, address or name; two of one name are nobody."""
    if owner is None:
        return None
    said = owner.casefold()
    found = [rep for rep in _reps(book) if said in (rep.id.casefold(), rep.email.casefold())]
    found = found or [rep for rep in _reps(book) if rep.name.casefold() == said]
    return found[0] if len(found) == 1 else None


def _reps(book: CompiledPlaybook) -> Iterator[Rep]:
    return (rep for pool in book.playbook.pools.values() for rep in pool.reps)
