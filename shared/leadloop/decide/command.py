"""What a person does to a lead."""

from datetime import UTC, datetime
from typing import assert_never

from leadloop.decide.lead.change_set import Draft, without_changes
from leadloop.decide.lead.condition_view import findings_of
from leadloop.decide.lead.dormant import wake
from leadloop.decide.lead.qualification import advance, enrol, leave_sequence, release, rescore
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
from leadloop.playbook.compiled import Compiled
from leadloop.policy.calendar import local_date
from leadloop.quality.normalise import clean
from leadloop.routing.fair_share import give
from leadloop.sales.recycling import again_at, knows_lost, rejection

BY_A_PERSON = datetime.min.replace(tzinfo=UTC)  # no received value is earlier


def decide(command: Command, facts: Facts, book: Compiled, now: datetime) -> Decision:
    """The command's effect, or why it cannot be done: then nothing is changed."""
    ref = RecordRef(command.lead_id)
    facts.require(ref)
    before = facts.record(ref)
    if before is None or before.lead is None:
        return _no("NotFound", "no such lead", book, now)
    lead = before.lead
    if command.id in lead.applied:
        again = Applied(
            lead_id=command.lead_id, version=before.version, what=command.action.do, repeated=True
        )
        return without_changes(again, book, now)
    if command.expected is not None and command.expected != before.version:
        text = f"the lead is at version {before.version}, not {command.expected}: read it again"
        return _no("Stale", text, book, now)
    if lead.account is not None:
        facts.require(AccountRef(lead.account))
    draft = Draft(
        trigger_id=command.id,
        facts=facts,
        book=book,
        now=now,
        record=before,
        actor=command.actor,
    )
    try:
        refused = _kept_quiet(draft, command.action) or _do(draft, command)
    except IllegalMove as illegal:
        return _no("IllegalMove", str(illegal), book, now)
    if refused is not None:
        return without_changes(refused, book, now)
    return draft.decision(
        Applied(lead_id=command.lead_id, version=draft.version, what=command.action.do)
    )


def _no(error: str, text: str, book: Compiled, now: datetime) -> Decision:
    return without_changes(Refused.model_validate({"error": error, "text": text}), book, now)


def _do(draft: Draft, command: Command) -> Refused | None:
    match command.action:
        case Accept():
            return _accept(draft, command)
        case Answer() as action:
            return _answer(draft, command, action)
        case action if _may_act(draft, command):
            return _work(draft, action)
        case _:
            return Refused(error="Forbidden", text="the lead belongs to somebody else")


def _work(
    draft: Draft, action: Reject | Convert | Win | Lose | Disqualify | Release | Edit
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


def _may_act(draft: Draft, command: Command) -> bool:
    """Sales works its own leads; which role has which verb at all is the door's table."""
    owner = draft.lead.assignment.rep if draft.lead.assignment else None
    return command.actor.role != "sales" or command.actor.id == owner


def _accept(draft: Draft, command: Command) -> Refused | None:
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
        draft.put_pool(give(draft.pool(assignment.pool), assignment.pool, rep_id, day))
        draft.event("OwnerChanged", before=None, owner=rep_id, pool=assignment.pool, why="claimed")
        assignment = assignment.but(rep=rep_id, at=draft.now)
    elif assignment.rep != rep_id and command.actor.role == "sales":
        return Refused(error="Conflict", text=_whose(draft, assignment.rep))
    if assignment.accepted_at is not None:
        return Refused(error="Conflict", text="the lead was accepted before")
    if lead.stage is not Stage.CUSTOMER:
        draft.set(stage=move(lead.stage, Move.ACCEPT))
    draft.set(assignment=assignment.but(accepted_at=draft.now))
    draft.no_timer(TimerKind.BREACH)
    draft.put_account(pool=assignment.pool, rep=assignment.rep)
    draft.event("LeadAccepted", owner=assignment.rep, pool=assignment.pool)
    return None


def _whose(draft: Draft, owner: str) -> str:
    rep = draft.book.rep(owner)
    return f"the lead belongs to {rep.name if rep else owner} now"


def _reject(draft: Draft, action: Reject) -> Refused | None:
    lifecycle = draft.book.playbook.lifecycle
    how = rejection(lifecycle, action.reason)
    if how is None:
        known = ", ".join(row.id for row in lifecycle.reject_reasons)
        return Refused(error="FieldsInvalid", text=f"reason: one of {known}")
    stage = move(draft.lead.stage, how)
    release(draft)
    handed_back_at = draft.lead.score.total
    draft.set(stage=stage, assignment=None, handed_back_at=handed_back_at)
    draft.note = action.note
    draft.event("LeadRejected", reason=action.reason, stage=str(stage))
    if stage is Stage.NURTURING:
        enrol(draft)
    return None


def _convert(draft: Draft, action: Convert) -> Refused | None:
    stage = move(draft.lead.stage, Move.CONVERT)
    number = len(draft.lead.opportunities) + 1
    opportunity = Opportunity(
        id=f"{draft.lead_id}-{number}",
        state=OpportunityState.OPEN,
        opened_at=draft.now,
        value=action.value,
        currency=action.currency,
    )
    draft.set(stage=stage, opportunities=(*draft.lead.opportunities, opportunity))
    draft.event(
        "LeadConverted", opportunity=opportunity.id, value=action.value, currency=action.currency
    )
    return None


def _win(draft: Draft, action: Win) -> Refused | None:
    changed = _close(draft, OpportunityState.WON, value=action.value, currency=action.currency)
    if changed is None:
        return Refused(error="Conflict", text="the lead has no open opportunity")
    if not changed.existing_customer:
        draft.set(stage=move(draft.lead.stage, Move.WIN))
        draft.put_account(customer_since=draft.now)
    release(draft)
    draft.event(
        "OpportunityWon",
        opportunity=changed.id,
        value=action.value,
        currency=action.currency,
        existing_customer=changed.existing_customer,
    )
    return None


def _lose(draft: Draft, action: Lose) -> Refused | None:
    lifecycle = draft.book.playbook.lifecycle
    if not knows_lost(lifecycle, action.reason):
        known = ", ".join(row.id for row in lifecycle.lost_reasons)
        return Refused(error="FieldsInvalid", text=f"reason: one of {known}")
    changed = _close(draft, OpportunityState.LOST, reason=action.reason)
    if changed is None:
        return Refused(error="Conflict", text="the lead has no open opportunity")
    draft.note = action.note
    draft.event("OpportunityLost", opportunity=changed.id, reason=action.reason)
    release(draft)
    if changed.existing_customer:
        return None
    draft.set(stage=move(draft.lead.stage, Move.LOSE), assignment=None)
    _wait(draft, action.reason)
    return None


def _wait(draft: Draft, reason: str | None) -> None:
    """Of a lead that is recycled: until it is worked again, or never."""
    again = again_at(draft.book.playbook.lifecycle, reason, draft.lead.cycle, draft.now)
    if again is None:
        draft.set(stage=move(draft.lead.stage, Move.CLOSE))
        draft.event("LeadClosed", cycle=draft.lead.cycle, reason=reason)
    else:
        draft.timer(TimerKind.RECYCLE, again)
        draft.event("LeadRecycled", until=again.isoformat(), reason=reason)


def _close(
    draft: Draft,
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
    draft.set(opportunities=(*others, closed))
    return closed


def _disqualify(draft: Draft, action: Disqualify) -> Refused | None:
    stage = move(draft.lead.stage, Move.DISQUALIFY)
    leave_sequence(draft, "disqualified")
    release(draft)
    draft.set(stage=stage, assignment=None, open_question=None)
    draft.event("LeadDisqualified", reason=action.reason)
    return None


def _answer(draft: Draft, command: Command, action: Answer) -> Refused | None:
    """By who works the lead; where nobody does, by anybody in whose list it waits."""
    asked = draft.lead.open_question
    if asked is None:
        return Refused(error="Conflict", text="nothing waits for an answer; it may have had one")
    waits_for = draft.book.pool_of(command.actor.id) == asked.pool
    if not _may_act(draft, command) and not (waits_for and draft.lead.assignment is None):
        return Refused(error="Forbidden", text=f"only the pool {asked.pool} may answer")
    draft.set(open_question=None)
    draft.note = action.note
    waited = int((draft.now - asked.at).total_seconds())
    draft.event("QuestionAnswered", pool=asked.pool, waited_seconds=waited)
    return None


def _kept_quiet(draft: Draft, action: Action) -> Refused | None:
    """What is done to a lead as if somebody worked it waits until it is released."""
    may = isinstance(action, Release | Edit | Disqualify)
    if draft.lead.quiet and not may:
        return Refused(error="Conflict", text="the lead is kept quiet: release it first")
    return None


def _release(draft: Draft) -> Refused | None:
    if not draft.lead.quiet:
        return Refused(error="Conflict", text="the lead is not kept quiet")
    wake(draft, "released")
    if draft.lead.stage is Stage.RECYCLED:
        _wait(draft, None)
    return None


def _edit(draft: Draft, action: Edit) -> Refused | None:
    """A person's word counts most: it replaces, and no later submission changes it."""
    lead = draft.lead
    unknown = sorted(set(action.contact) - set(Contact.model_fields))
    if unknown:
        return Refused(error="FieldsInvalid", text=f"not a contact field: {', '.join(unknown)}")
    source = draft.book.source(lead.source)
    wanted = lead.contact.but(**action.contact)
    cleaned = clean(wanted, source.country, source.language)
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
    draft.set(
        contact=cleaned.contact,
        since={**lead.since, **dict.fromkeys(action.contact, BY_A_PERSON)},
        possible_matches=tuple(dict.fromkeys((*lead.possible_matches, *others))),
    )
    found = findings_of(draft.lead, draft.book)
    account = account_of(cleaned.contact.email, free_mail=found.free_mail)
    draft.set(account=account or lead.account)
    for ref in claims:
        draft.claim(ref)
    draft.event("ContactEdited", fields=", ".join(sorted(action.contact)))
    rescore(draft)
    advance(draft)
    return None
