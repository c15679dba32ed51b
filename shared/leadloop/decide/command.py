"""What a person does to a lead."""

from datetime import UTC, datetime
from typing import assert_never

from leadloop.decide.lead.change_set import ChangeSet, without_changes
from leadloop.decide.lead.condition_view import findings_of
from leadloop.decide.lead.dormant import activate_dormant
from leadloop.decide.lead.qualification import (
    enrol,
    free_rep_capacity,
    leave_sequence,
    qualify_or_nurture,
    rescore,
)
from leadloop.identity.account import account_of
from leadloop.identity.claims import claims_of
from leadloop.model.command import (
    Accept,
    Action,
    Answer,
    Command,
    Convert,
    Disqualify,
    Edit,
    Lose,
    Reject,
    Release,
    Win,
)
from leadloop.model.contact import Contact
from leadloop.model.decision import Applied, Decision, Refused
from leadloop.model.errors import IllegalMove
from leadloop.model.facts import AccountRef, Facts, PoolRef, RecordRef
from leadloop.model.lead import Opportunity, OpportunityState, TimerKind
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.policy.calendar import local_date
from leadloop.quality.normalise import normalise_contact
from leadloop.routing.fair_share import add_assigned_lead
from leadloop.sales.recycling import has_loss_reason, recycle_at, rejection_move

MANUAL_EDIT_TIME = datetime.min.replace(tzinfo=UTC)  # no received value is earlier


def decide(command: Command, facts: Facts, book: CompiledPlaybook, now: datetime) -> Decision:
    """The command's effect, or why it cannot be done: then nothing is changed."""
    ref = RecordRef(command.lead_id)
    facts.require(ref)
    before = facts.record(ref)
    if before is None or before.lead is None:
        return _refuse("NotFound", "no such lead", book, now)
    lead = before.lead
    if command.id in lead.applied:
        again = Applied(
            lead_id=command.lead_id, version=before.version, what=command.action.do, repeated=True
        )
        return without_changes(again, book, now)
    if command.expected is not None and command.expected != before.version:
        text = f"the lead is at version {before.version}, not {command.expected}: read it again"
        return _refuse("Stale", text, book, now)
    if lead.account is not None:
        facts.require(AccountRef(lead.account))
    draft = ChangeSet(
        trigger_id=command.id,
        facts=facts,
        book=book,
        now=now,
        record=before,
        actor=command.actor,
    )
    try:
        refused = _refuse_if_dormant(draft, command.action) or _dispatch(draft, command)
    except IllegalMove as illegal:
        return _refuse("IllegalMove", str(illegal), book, now)
    if refused is not None:
        return without_changes(refused, book, now)
    return draft.build_decision(
        Applied(lead_id=command.lead_id, version=draft.version, what=command.action.do)
    )


def _refuse(error: str, text: str, book: CompiledPlaybook, now: datetime) -> Decision:
    return without_changes(Refused.model_validate({"error": error, "text": text}), book, now)


def _dispatch(draft: ChangeSet, command: Command) -> Refused | None:
    match command.action:
        case Accept():
            return _accept(draft, command)
        case Answer() as action:
            return _answer(draft, command, action)
        case action if _may_act(draft, command):
            return _apply_action(draft, action)
        case _:
            return Refused(error="Forbidden", text="the lead belongs to somebody else")


def _apply_action(
    draft: ChangeSet, action: Reject | Convert | Win | Lose | Disqualify | Release | Edit
) -> Refused | None:
    match action:
        case Edit():
            return _edit(draft, action)
        case Release():
            return _release(draft)
        case Reject():
            return _reject(draft, action)
        case Convert():
            return _convert(draft, action)
        case Win():
            return _win(draft, action)
        case Lose():
            return _lose(draft, action)
        case Disqualify():
            return _disqualify(draft, action)
        case _:
            assert_never(action)


def _may_act(draft: ChangeSet, command: Command) -> bool:
    """Sales works its own leads; which role has which verb at all is the door's table."""
    owner = draft.lead.assignment.rep if draft.lead.assignment else None
    return command.actor.role != "sales" or command.actor.id == owner


def _accept(draft: ChangeSet, command: Command) -> Refused | None:
    """The owner takes it on; a lead in a queue goes to the first of its pool who asks."""
    lead, rep_id = draft.lead, command.actor.id
    assignment = lead.assignment
    if assignment is None:
        return Refused(
            error="Conflict", text=f"a lead that is {lead.stage} has nobody to accept it"
        )
    deal = lead.opportunity
    if lead.stage is Stage.CUSTOMER and (deal is None or deal.state is not OpportunityState.OPEN):
        return Refused(error="Conflict", text="the customer has no open opportunity")
    if assignment.rep is None:
        rep = draft.book.rep(rep_id)
        if rep is None or draft.book.pool_of(rep_id) != assignment.pool:
            return Refused(error="Forbidden", text=f"only the pool {assignment.pool} may take it")
        draft.facts.require(PoolRef(assignment.pool))
        day = local_date(rep.zone, draft.now)
        draft.put_pool(add_assigned_lead(draft.pool(assignment.pool), assignment.pool, rep_id, day))
        draft.record_event(
            "OwnerChanged", before=None, owner=rep_id, pool=assignment.pool, why="claimed"
        )
        assignment = assignment.but(rep=rep_id, at=draft.now)
    elif assignment.rep != rep_id and command.actor.role == "sales":
        return Refused(error="Conflict", text=_owner_conflict_text(draft, assignment.rep))
    if assignment.accepted_at is not None:
        return Refused(error="Conflict", text="the lead was accepted before")
    if lead.stage is not Stage.CUSTOMER:
        draft.update_lead(stage=move(lead.stage, Move.ACCEPT))
    draft.update_lead(assignment=assignment.but(accepted_at=draft.now))
    draft.stop_timers(TimerKind.BREACH)
    draft.update_account(pool=assignment.pool, rep=assignment.rep)
    draft.record_event("LeadAccepted", owner=assignment.rep, pool=assignment.pool)
    return None


def _owner_conflict_text(draft: ChangeSet, owner: str) -> str:
    rep = draft.book.rep(owner)
    return f"the lead belongs to {rep.name if rep else owner} now"


def _reject(draft: ChangeSet, action: Reject) -> Refused | None:
    lifecycle = draft.book.playbook.lifecycle
    how = rejection_move(lifecycle, action.reason)
    if how is None:
        known = ", ".join(row.id for row in lifecycle.reject_reasons)
        return Refused(error="FieldsInvalid", text=f"reason: one of {known}")
    stage = move(draft.lead.stage, how)
    free_rep_capacity(draft)
    handed_back_at = draft.lead.score.total
    draft.update_lead(stage=stage, assignment=None, handed_back_at=handed_back_at)
    draft.note = action.note
    draft.record_event("LeadRejected", reason=action.reason, stage=str(stage))
    if stage is Stage.NURTURING:
        enrol(draft)
    return None


def _convert(draft: ChangeSet, action: Convert) -> Refused | None:
    stage = move(draft.lead.stage, Move.CONVERT)
    number = len(draft.lead.opportunities) + 1
    opportunity = Opportunity(
        id=f"{draft.lead_id}-{number}",
        state=OpportunityState.OPEN,
        opened_at=draft.now,
        value=action.value,
        currency=action.currency,
    )
    draft.update_lead(stage=stage, opportunities=(*draft.lead.opportunities, opportunity))
    draft.record_event(
        "LeadConverted", opportunity=opportunity.id, value=action.value, currency=action.currency
    )
    return None


def _win(draft: ChangeSet, action: Win) -> Refused | None:
    changed = _close_opportunity(
        draft, OpportunityState.WON, value=action.value, currency=action.currency
    )
    if changed is None:
        return Refused(error="Conflict", text="the lead has no open opportunity")
    if not changed.existing_customer:
        draft.update_lead(stage=move(draft.lead.stage, Move.WIN))
        draft.update_account(customer_since=draft.now)
    free_rep_capacity(draft)
    draft.record_event(
        "OpportunityWon",
        opportunity=changed.id,
        value=action.value,
        currency=action.currency,
        existing_customer=changed.existing_customer,
    )
    return None


def _lose(draft: ChangeSet, action: Lose) -> Refused | None:
    lifecycle = draft.book.playbook.lifecycle
    if not has_loss_reason(lifecycle, action.reason):
        known = ", ".join(row.id for row in lifecycle.lost_reasons)
        return Refused(error="FieldsInvalid", text=f"reason: one of {known}")
    changed = _close_opportunity(draft, OpportunityState.LOST, reason=action.reason)
    if changed is None:
        return Refused(error="Conflict", text="the lead has no open opportunity")
    draft.note = action.note
    draft.record_event("OpportunityLost", opportunity=changed.id, reason=action.reason)
    free_rep_capacity(draft)
    if changed.existing_customer:
        return None
    draft.update_lead(stage=move(draft.lead.stage, Move.LOSE), assignment=None)
    _recycle_or_close(draft, action.reason)
    return None


def _recycle_or_close(draft: ChangeSet, reason: str | None) -> None:
    """Of a lead that is recycled: until it is worked again, or never."""
    again = recycle_at(draft.book.playbook.lifecycle, reason, draft.lead.cycle, draft.now)
    if again is None:
        draft.update_lead(stage=move(draft.lead.stage, Move.CLOSE))
        draft.record_event("LeadClosed", cycle=draft.lead.cycle, reason=reason)
    else:
        draft.set_timer(TimerKind.RECYCLE, again)
        draft.record_event("LeadRecycled", until=again.isoformat(), reason=reason)


def _close_opportunity(
    draft: ChangeSet,
    state: OpportunityState,
    *,
    value: int | None = None,
    currency: str | None = None,
    reason: str | None = None,
) -> Opportunity | None:
    found = draft.lead.opportunity
    if found is None or found.state is not OpportunityState.OPEN:
        return None
    closed = found.but(
        state=state,
        value=found.value if value is None else value,
        currency=currency or found.currency,
        closed_at=draft.now,
        reason=reason,
    )
    others = (o for o in draft.lead.opportunities if o.id != found.id)
    draft.update_lead(opportunities=(*others, closed))
    return closed


def _disqualify(draft: ChangeSet, action: Disqualify) -> Refused | None:
    stage = move(draft.lead.stage, Move.DISQUALIFY)
    leave_sequence(draft, "disqualified")
    free_rep_capacity(draft)
    draft.update_lead(stage=stage, assignment=None, open_question=None)
    draft.record_event("LeadDisqualified", reason=action.reason)
    return None


def _answer(draft: ChangeSet, command: Command, action: Answer) -> Refused | None:
    """By who works the lead; where nobody does, by anybody in whose list it waits."""
    asked = draft.lead.open_question
    if asked is None:
        return Refused(error="Conflict", text="nothing waits for an answer; it may have had one")
    waits_for = draft.book.pool_of(command.actor.id) == asked.pool
    if not _may_act(draft, command) and not (waits_for and draft.lead.assignment is None):
        return Refused(error="Forbidden", text=f"only the pool {asked.pool} may answer")
    draft.update_lead(open_question=None)
    draft.note = action.note
    waited = int((draft.now - asked.at).total_seconds())
    draft.record_event("QuestionAnswered", pool=asked.pool, waited_seconds=waited)
    return None


def _refuse_if_dormant(draft: ChangeSet, action: Action) -> Refused | None:
    """What is done to a lead as if somebody worked it waits until it is released."""
    may = isinstance(action, Release | Edit | Disqualify)
    if draft.lead.quiet and not may:
        return Refused(error="Conflict", text="the lead is kept quiet: release it first")
    return None


def _release(draft: ChangeSet) -> Refused | None:
    if not draft.lead.quiet:
        return Refused(error="Conflict", text="the lead is not kept quiet")
    activate_dormant(draft, "released")
    if draft.lead.stage is Stage.RECYCLED:
        _recycle_or_close(draft, None)
    return None


def _edit(draft: ChangeSet, action: Edit) -> Refused | None:
    """A person's word counts most: it replaces, and no later submission changes it."""
    lead = draft.lead
    unknown = sorted(set(action.contact) - set(Contact.model_fields))
    if unknown:
        return Refused(error="FieldsInvalid", text=f"not a contact field: {', '.join(unknown)}")
    source = draft.book.source(lead.source)
    wanted = lead.contact.but(**action.contact)
    cleaned = normalise_contact(wanted, source.country, source.language)
    lost = [
        name
        for name in ("email", "phone")
        if action.contact.get(name) and not getattr(cleaned.contact, name)
    ]
    if lost:
        why = "; ".join(reason.text for reason in cleaned.findings.reasons) or ", ".join(lost)
        return Refused(error="FieldsInvalid", text=why)
    claims = claims_of(cleaned.contact, draft.book.playbook.company.shared_contacts)
    draft.facts.require(*claims)
    others = [
        claim.lead_id
        for claim in (draft.facts.claim(ref) for ref in claims)
        if claim is not None and claim.lead_id != draft.lead_id
    ]
    draft.update_lead(
        contact=cleaned.contact,
        since={**lead.since, **dict.fromkeys(action.contact, MANUAL_EDIT_TIME)},
        possible_matches=tuple(dict.fromkeys((*lead.possible_matches, *others))),
    )
    found = findings_of(draft.lead, draft.book)
    account = account_of(cleaned.contact.email, free_mail=found.free_mail)
    draft.update_lead(account=account or lead.account)
    for ref in claims:
        draft.claim(ref)
    draft.record_event("ContactEdited", fields=", ".join(sorted(action.contact)))
    rescore(draft)
    qualify_or_nurture(draft)
    return None
