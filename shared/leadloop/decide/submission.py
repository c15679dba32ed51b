"""An inquiry: a new lead, a touch of a known one, or a reason why it is neither."""

from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter

from leadloop.decide.advance import advance, assign, explain, rescore, tell_owner
from leadloop.decide.draft import Draft, basis, entry_ref, without_changes
from leadloop.identity.account import account_of
from leadloop.identity.claims import claims_of
from leadloop.identity.merge import Known, merge
from leadloop.identity.same_person import Holder, Match, same_person
from leadloop.model.base import Reason
from leadloop.model.decision import Decision, Verdict
from leadloop.model.event import Entry, Event
from leadloop.model.facts import AccountRef, Change, ClaimRef, Facts, MailRef, RecordRef, Ref
from leadloop.model.lead import (
    Lead,
    Opportunity,
    OpportunityState,
    Record,
    Score,
    SubmissionOutcome,
    TimerKind,
)
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.model.submission import Channel, Submission, Touch
from leadloop.playbook.compiled import Compiled
from leadloop.quality.clean import Cleaned, clean

QUARANTINED, REJECTED = SubmissionOutcome.QUARANTINED, SubmissionOutcome.REJECTED
KEPT_CONSENTS = 8  # the latest; each one given is on the timeline for good


def decide(submission: Submission, facts: Facts, book: Compiled, now: datetime) -> Decision:
    """The submission's one outcome; a second copy of it gets the first one's answer."""
    source = book.source(submission.source)
    cleaned = clean(submission.contact, source.country, source.language)
    facts.require(*_first_refs(submission, cleaned, book))
    stored = facts.record(RecordRef(submission.id))
    if stored is not None:
        return _again(submission, stored, facts, book, now)
    decision = _decide_new(submission, cleaned, facts, book, now)
    return decision._replace(changes=()) if submission.test else decision


def _first_refs(submission: Submission, cleaned: Cleaned, book: Compiled) -> Iterator[Ref]:
    """All that the first read must bring, so that most submissions need no second for claims."""
    yield RecordRef(submission.id)
    if submission.cause is not None:
        yield RecordRef(submission.cause)
    if submission.trap or submission.unreadable:
        return
    yield from _claims(cleaned, book)
    mail, account = _mail_ref(submission), _account_of(cleaned)
    if mail is not None:
        yield mail
    if account is not None:
        yield AccountRef(account)


def _decide_new(
    submission: Submission, cleaned: Cleaned, facts: Facts, book: Compiled, now: datetime
) -> Decision:
    if submission.trap:
        honeypot = Reason(code="honeypot", text="a field that no human sees was filled in")
        return _without_lead(submission, REJECTED, (honeypot,), facts, book, now)
    if submission.unreadable:
        return _without_lead(submission, QUARANTINED, submission.unreadable, facts, book, now)
    if not cleaned.contact.email and not cleaned.contact.phone:
        no_way = Reason(
            code="no_way_to_reach", text="neither an e-mail address nor a phone number is usable"
        )
        reasons = (no_way, *cleaned.findings.reasons)
        return _without_lead(submission, QUARANTINED, reasons, facts, book, now)
    if cleaned.findings.disposable and not cleaned.contact.phone:
        thrown_away = tuple(r for r in cleaned.findings.reasons if r.code == "email_disposable")
        return _without_lead(submission, REJECTED, thrown_away, facts, book, now)
    match = _match(submission, cleaned, facts, book)
    if match.lead_id is None:
        return _found(submission, cleaned, match, facts, book, now)
    return _merge(submission, cleaned, match, match.lead_id, facts, book, now)


def _again(
    submission: Submission, stored: Record, facts: Facts, book: Compiled, now: datetime
) -> Decision:
    """The stored answer, once more.

    Other bytes under the same id decide nothing; where the door has said yes already, they are
    kept as a touch of the first.
    """
    conflict = stored.raw.sha256 != submission.raw.sha256
    verdict = Verdict(
        submission_id=stored.id,
        outcome=stored.outcome,
        lead_id=stored.lead_id,
        reasons=stored.reasons,
        repeated=True,
        conflict=conflict,
    )
    if not conflict or submission.channel is Channel.PARTNER:
        return without_changes(verdict, book, now)
    return without_changes(verdict, book, now)._replace(
        changes=_kept_aside(submission, stored, facts)
    )


def _kept_aside(submission: Submission, stored: Record, facts: Facts) -> tuple[Change, ...]:
    trigger_id = f"{submission.id}~{submission.raw.sha256[:12]}"  # each other body once
    entry = Entry(
        lead_id=stored.lead_id or stored.id,
        at=submission.received_at,
        trigger_id=trigger_id,
        events=(
            Event(
                id=f"{trigger_id}#0",
                name="SubmissionRepeated",
                occurred_at=submission.received_at,
                cause=submission.id,
                lead_id=stored.lead_id,
                data={"source": submission.source, "sha256": submission.raw.sha256},
            ),
        ),
        touch=_touch(submission),
        raw=submission.raw,
    )
    ref = entry_ref(entry)
    facts.require(ref)
    return () if facts.known[ref] else (Change(ref, None, entry),)


def _match(submission: Submission, cleaned: Cleaned, facts: Facts, book: Compiled) -> Match:
    mail = _mail_ref(submission)
    sent_before = facts.claim(mail) if mail else None
    if sent_before is not None:
        return Match(lead_id=sent_before.lead_id, by="the same mail")
    held = {ref.what: facts.claim(ref) for ref in _claims(cleaned, book)}
    ids = {what: claim.lead_id for what, claim in held.items() if claim is not None}
    facts.require(*(RecordRef(lead_id) for lead_id in ids.values()))
    holders = {what: _holder(lead_id, facts) for what, lead_id in ids.items()}
    return same_person(cleaned.contact, holders.get("email"), holders.get("phone"))


def _holder(lead_id: str, facts: Facts) -> Holder | None:
    record = facts.record(RecordRef(lead_id))
    if record is None or record.lead is None:
        return None
    return Holder(lead_id=lead_id, contact=record.lead.contact)


def _claims(cleaned: Cleaned, book: Compiled) -> tuple[ClaimRef, ...]:
    return claims_of(cleaned.contact, book.playbook.company.shared_contacts)


def _account_of(cleaned: Cleaned) -> str | None:
    return account_of(cleaned.contact.email, free_mail=cleaned.findings.free_mail)


def _mail_ref(submission: Submission) -> MailRef | None:
    if submission.message_id is None:
        return None
    return MailRef(submission.message_id, submission.raw.sha256)


def _touch(submission: Submission) -> Touch:
    return submission.touch or Touch(at=submission.received_at, source=submission.source)


def _record(
    submission: Submission,
    outcome: SubmissionOutcome,
    reasons: tuple[Reason, ...],
    lead_id: str | None,
    book: Compiled,
    now: datetime,
) -> Record:
    return Record(
        id=submission.id,
        version=1,
        source=submission.source,
        channel=submission.channel,
        received_at=submission.received_at,
        decided_at=now,
        outcome=outcome,
        reasons=reasons,
        raw=submission.raw,
        playbook=book.version,
        lead_id=lead_id,
        cause=submission.cause,
    )


def _released(submission: Submission, facts: Facts) -> tuple[Change, ...]:
    """A release from quarantine is shown on the submission it was made from."""
    if submission.cause is None:
        return ()
    ref = RecordRef(submission.cause)
    cause = facts.record(ref)
    if cause is None:
        return ()
    after = cause.but(released_as=submission.id, version=cause.version + 1)
    return (Change(ref, cause.version, after),)


def _without_lead(
    submission: Submission,
    outcome: SubmissionOutcome,
    reasons: tuple[Reason, ...],
    facts: Facts,
    book: Compiled,
    now: datetime,
) -> Decision:
    event = Event(
        id=f"{submission.id}#0",
        name=f"Submission{outcome.capitalize()}",
        occurred_at=now,
        cause=submission.id,
        data={"source": submission.source, "reason": reasons[0].code},
    )
    record = _record(submission, outcome, reasons, None, book, now).but(events=(event,))
    if outcome is QUARANTINED:
        record = record.but(contact=submission.contact)
    return Decision(
        outcome=Verdict(submission_id=submission.id, outcome=outcome, reasons=reasons),
        basis=basis(book, now),
        reasons=reasons,
        changes=(
            Change(RecordRef(submission.id), None, record),
            *_released(submission, facts),
        ),
        events=(event,),
    )


def _found(
    submission: Submission,
    cleaned: Cleaned,
    match: Match,
    facts: Facts,
    book: Compiled,
    now: datetime,
) -> Decision:
    """Nobody we know: this submission becomes a lead."""
    source, touch = book.source(submission.source), _touch(submission)
    asked = submission.interest.product_line
    product_line = asked if asked in book.playbook.scores else source.product_line
    lead = Lead(
        contact=cleaned.contact,
        interest=submission.interest,
        fields=submission.fields,
        product_line=product_line,
        source=submission.source,
        channel=submission.channel,
        created_at=submission.received_at,
        score=Score(model=book.score(product_line).id),
        account=_account_of(cleaned),
        first_touch=touch,
        last_touch=touch,
        consents=(submission.consent,) if submission.consent else (),
        possible_matches=match.possible,
    )
    record = _record(submission, SubmissionOutcome.LEAD, (), submission.id, book, now).but(
        lead=lead
    )
    draft = Draft(
        trigger_id=submission.id,
        facts=facts,
        book=book,
        now=now,
        record=record,
        founding=True,
    )
    draft.event("LeadCreated", source=lead.source, channel=str(lead.channel))
    if match.possible:
        draft.event("PossibleMatchFound", other=match.possible[0])
    _claim(draft, submission, cleaned)
    rescore(draft)
    advance(draft)
    reasons = (*explain(draft), *_possible(match), *cleaned.findings.reasons)
    draft.reasons = reasons
    for change in _released(submission, facts):
        draft.put(change)
    return draft.decision(
        Verdict(
            submission_id=submission.id,
            outcome=SubmissionOutcome.LEAD,
            lead_id=submission.id,
            reasons=reasons,
        )
    )


def _merge(
    submission: Submission,
    cleaned: Cleaned,
    match: Match,
    lead_id: str,
    facts: Facts,
    book: Compiled,
    now: datetime,
) -> Decision:
    """Somebody we know: the lead gets what it had not, one more touch, and another look."""
    facts.require(RecordRef(lead_id))
    before = facts.record(RecordRef(lead_id))
    if before is None or before.lead is None:
        return _found(submission, cleaned, Match(), facts, book, now)
    lead, touch = before.lead, _touch(submission)
    draft = Draft(
        trigger_id=submission.id,
        facts=facts,
        book=book,
        now=now,
        record=before,
    )
    merged = merge(
        Known(contact=lead.contact, interest=lead.interest, fields=lead.fields, since=lead.since),
        lead.created_at,
        Known(contact=cleaned.contact, interest=submission.interest, fields=submission.fields),
        submission.received_at,
    )
    matches = dict.fromkeys((*lead.possible_matches, *match.possible))
    touches = sorted(
        (t for t in (lead.first_touch, lead.last_touch, touch) if t), key=lambda t: t.at
    )
    consents = (*lead.consents, *([submission.consent] if submission.consent else []))
    draft.set(
        contact=merged.contact,
        interest=merged.interest,
        fields=merged.fields,
        since=merged.since,
        first_touch=touches[0],
        last_touch=touches[-1],
        consents=tuple(sorted(consents, key=attrgetter("at")))[-KEPT_CONSENTS:],
        possible_matches=tuple(matches),
        account=lead.account or _account_of(cleaned),
    )
    draft.touch, draft.note = touch, submission.interest.message
    draft.event("SubmissionMerged", submission=submission.id, source=submission.source)
    _claim(draft, submission, cleaned)
    by = Reason(code="same_person", text=f"the same {match.by} as a lead we have")
    _look_again(draft, submission)
    reasons = (by, *_possible(match), *cleaned.findings.reasons)
    record = _record(submission, SubmissionOutcome.MERGED, reasons, lead_id, book, now)
    draft.put(Change(RecordRef(submission.id), None, record))
    for change in _released(submission, facts):
        draft.put(change)
    return draft.decision(
        Verdict(
            submission_id=submission.id,
            outcome=SubmissionOutcome.MERGED,
            lead_id=lead_id,
            reasons=reasons,
        )
    )


def _look_again(draft: Draft, submission: Submission) -> None:
    """A known person asks again: what that means depends on where the lead stands."""
    match draft.lead.stage:
        case Stage.CUSTOMER:
            _next_opportunity(draft)
        case Stage.RECYCLED | Stage.DISQUALIFIED:
            reopen(draft, "asked again")
        case Stage.NEW | Stage.NURTURING:
            draft.set(handed_back_at=None)
            rescore(draft)
            advance(draft)
        case Stage.QUALIFIED | Stage.ACCEPTED | Stage.CONVERTED:
            rescore(draft)
            tell_owner(draft, f"asked again through “{submission.source}”")


def _next_opportunity(draft: Draft) -> None:
    """A customer stays a customer and gets an opportunity, worked by customer success."""
    number = len(draft.lead.opportunities) + 1
    opportunity = Opportunity(
        id=f"{draft.lead_id}-{number}",
        state=OpportunityState.OPEN,
        opened_at=draft.now,
        existing_customer=True,
    )
    draft.set(opportunities=(*draft.lead.opportunities, opportunity))
    draft.event("OpportunityOpened", opportunity=opportunity.id, existing_customer=True)
    rescore(draft)
    assign(draft)


def reopen(draft: Draft, why: str) -> None:
    """A lead that waited or was put aside is worked once more."""
    lead = draft.lead
    draft.no_timer(TimerKind.RECYCLE)
    draft.set(stage=move(lead.stage, Move.REOPEN), cycle=lead.cycle + 1)
    draft.set(assignment=None, handed_back_at=None)
    draft.event("LeadReopened", cycle=lead.cycle + 1, why=why)
    rescore(draft)
    advance(draft)


def _claim(draft: Draft, submission: Submission, cleaned: Cleaned) -> None:
    for ref in _claims(cleaned, draft.book):
        draft.claim(ref)
    mail = _mail_ref(submission)
    if mail is not None:
        draft.claim(mail)


def _possible(match: Match) -> tuple[Reason, ...]:
    return tuple(
        Reason(code="possible_match", text=f"may be the same person as lead {other}")
        for other in match.possible
    )
