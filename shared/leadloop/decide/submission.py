"""An inquiry: a new lead, a touch of a known one, or a reason why it is neither."""

from collections.abc import Iterator
from datetime import datetime

from leadloop.decide.lead import auto_response
from leadloop.decide.lead.change_set import ChangeSet, basis, entry_ref, without_changes
from leadloop.decide.lead.condition_view import CUSTOMER_FIELD
from leadloop.decide.lead.dormant import apply_lead_history, unknown_owner_reasons
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import explain_score, rescore
from leadloop.decide.lead.visitors import identify_visitor
from leadloop.decide.submissions import erasure_request
from leadloop.decide.submissions.attendance import record_attendance
from leadloop.decide.submissions.captcha import verify_captcha
from leadloop.decide.submissions.merge import merge_into
from leadloop.decide.submissions.records import (
    claim_all,
    claim_refs,
    company_of,
    mail_ref,
    possible_match_reasons,
    record_of,
    record_release,
    release_changes,
    touch_of,
)
from leadloop.decide.submissions.replay import merge_replay, unchanged_decision
from leadloop.decide.submissions.reply import merge_reply
from leadloop.decide.submissions.vendor_fetch import add_vendor_details
from leadloop.identity.same_person import ClaimHolder, PersonMatch, match_person
from leadloop.model.base import Reason
from leadloop.model.decision import Decision, Verdict
from leadloop.model.event import Event, TimelineEntry
from leadloop.model.facts import AccountRef, Change, Facts, OfferRef, RecordRef, Ref, VisitorRef
from leadloop.model.lead import Lead, Record, Score, SubmissionOutcome
from leadloop.model.submission import Channel, Submission
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.quality.normalise import NormalisedContact, normalise_contact

SYNCHRONOUS_CHANNELS = (Channel.PARTNER, Channel.DESK)  # other bytes are refused at the door
UNKNOWN_LEAD_REASON = Reason(
    code="no_such_lead", text="it answers a mail about a lead that is no more"
)
QUARANTINED, REJECTED = SubmissionOutcome.QUARANTINED, SubmissionOutcome.REJECTED


def decide(submission: Submission, facts: Facts, book: CompiledPlaybook, now: datetime) -> Decision:
    """The submission's one outcome; a second copy of it gets the first one's answer."""
    if submission.fetch is not None:
        found = add_vendor_details(submission, submission.fetch, facts, book, now)
        if isinstance(found, Decision):
            return found
        submission = found
    if submission.captcha is not None:
        submission = verify_captcha(submission, submission.captcha, facts)
    source = book.source(submission.source)
    cleaned = normalise_contact(submission.contact, source.country, source.language)
    facts.require(*_first_refs(submission, cleaned, book))
    stored = facts.record(RecordRef(submission.id))
    if stored is not None:
        return _answer_repeat(submission, stored, facts, book, now)
    if submission.test and submission.channel is Channel.WEBHOOK:
        return _record_vendor_test(submission, facts, book, now)
    cause = facts.record(RecordRef(submission.cause)) if submission.cause else None
    if cause is not None and cause.lead_id is not None:
        decision = merge_replay(cause, submission, cleaned, facts, book, now)
    else:
        decision = _decide_new(submission, cleaned, facts, book, now)
        if cause is not None and submission.replayed:
            decision = _require_improvement(decision, cause, book, now)
    return decision._replace(changes=()) if submission.test else decision


def _require_improvement(
    decision: Decision, cause: Record, book: CompiledPlaybook, now: datetime
) -> Decision:
    """Nobody has mended it: who ends as before has no successor, or each replay would add one."""
    verdict = decision.outcome
    if isinstance(verdict, Verdict) and verdict.outcome is cause.outcome:
        return unchanged_decision(cause, verdict.reasons, book, now)
    return decision


def _record_vendor_test(
    submission: Submission, facts: Facts, book: CompiledPlaybook, now: datetime
) -> Decision:
    """A vendor's test: found by its id, and nowhere else; no event, so nothing counts it."""
    test = Reason(code="test", text="the vendor marks it as a test")
    decision = _without_lead(submission, REJECTED, (test,), facts, book, now)
    silent = tuple(
        change._replace(after=change.after.but(events=(), contact=None))
        if isinstance(change.after, Record)
        else change
        for change in decision.changes
    )
    return decision._replace(changes=silent, events=())


def _first_refs(
    submission: Submission, cleaned: NormalisedContact, book: CompiledPlaybook
) -> Iterator[Ref]:
    """All that the first read must bring, so that most submissions need no second for claims."""
    yield RecordRef(submission.id)
    if submission.cause is not None:
        yield RecordRef(submission.cause)
    if submission.trap or submission.refused or submission.unreadable:
        return
    if submission.answers is not None:
        yield RecordRef(submission.answers)
    yield from claim_refs(submission, cleaned, book)
    if submission.visitor is not None:
        yield VisitorRef(submission.visitor)
    source, email = book.source(submission.source), cleaned.contact.email
    if email is not None:
        yield from auto_response.auto_response_refs(source, email)
    if email is not None and source.offer is not None:
        yield OfferRef(source.offer)
    mail, account = mail_ref(submission), company_of(cleaned)
    if mail is not None:
        yield mail
    if account is not None and CUSTOMER_FIELD in book.fit_rules(source.product_line).fields:
        yield AccountRef(account)  # else only who is routed or enrolled asks for it


def _decide_new(
    submission: Submission,
    cleaned: NormalisedContact,
    facts: Facts,
    book: CompiledPlaybook,
    now: datetime,
) -> Decision:
    if submission.trap:
        honeypot = Reason(code="honeypot", text="a field that no human sees was filled in")
        return _without_lead(submission, REJECTED, (honeypot,), facts, book, now)
    if submission.erases is not None:
        asked = erasure_request.erasure_reason(submission.erases)
        kept = _without_lead(submission, QUARANTINED, (asked,), facts, book, now)
        quiet = erasure_request.suppression_changes(submission, submission.erases, facts, book, now)
        return kept._replace(changes=(*kept.changes, *quiet))
    if submission.refused:
        return _without_lead(submission, REJECTED, submission.refused, facts, book, now)
    if doubts := submission.unreadable or unknown_owner_reasons(submission, book):
        return _without_lead(submission, QUARANTINED, doubts, facts, book, now)
    if submission.answers is not None:
        found = merge_reply(submission, submission.answers, facts, book, now)
        return found or _without_lead(
            submission, QUARANTINED, (UNKNOWN_LEAD_REASON,), facts, book, now
        )
    return _decide_person(submission, cleaned, facts, book, now)


def _decide_person(
    submission: Submission,
    cleaned: NormalisedContact,
    facts: Facts,
    book: CompiledPlaybook,
    now: datetime,
) -> Decision:
    """Somebody we know, or a new lead, if there is a way to reach them."""
    if not (cleaned.contact.email or cleaned.contact.phone or submission.relay):
        no_way = Reason(
            code="no_way_to_reach", text="neither an e-mail address nor a phone number is usable"
        )
        reasons = (no_way, *cleaned.findings.reasons)
        return _without_lead(submission, QUARANTINED, reasons, facts, book, now)
    if cleaned.findings.disposable and not cleaned.contact.phone:
        thrown_away = tuple(r for r in cleaned.findings.reasons if r.code == "email_disposable")
        return _without_lead(submission, REJECTED, thrown_away, facts, book, now)
    match = _match(submission, cleaned, facts, book)
    before = _lead_of(match, facts)
    if before is None:
        return _create_lead(submission, cleaned, match, facts, book, now)
    return merge_into(before, submission, cleaned, match, facts, book, now)


def _answer_repeat(
    submission: Submission, stored: Record, facts: Facts, book: CompiledPlaybook, now: datetime
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
        ignored=stored.ignored,
        repeated=True,
        conflict=conflict,
    )
    if not conflict or submission.channel in SYNCHRONOUS_CHANNELS:
        return without_changes(verdict, book, now)
    return without_changes(verdict, book, now)._replace(
        changes=_repeat_changes(submission, stored, facts)
    )


def _repeat_changes(submission: Submission, stored: Record, facts: Facts) -> tuple[Change, ...]:
    trigger_id = f"{submission.id}~{submission.raw.sha256[:12]}"  # each other body once
    entry = TimelineEntry(
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
        touch=touch_of(submission),
        raw=submission.raw,
        note=submission.interest.message,
    )
    ref = entry_ref(entry)
    facts.require(ref)
    return () if facts.known[ref] else (Change(ref, None, entry),)


def _match(
    submission: Submission, cleaned: NormalisedContact, facts: Facts, book: CompiledPlaybook
) -> PersonMatch:
    mail = mail_ref(submission)
    sent_before = facts.claim(mail) if mail else None
    if sent_before is not None:
        return PersonMatch(lead_id=sent_before.lead_id, by="the same mail")
    held = {ref.what: facts.claim(ref) for ref in claim_refs(submission, cleaned, book)}
    ids = {what: claim.lead_id for what, claim in held.items() if claim is not None}
    facts.require(*(RecordRef(lead_id) for lead_id in ids.values()))
    holders = {what: _holder(lead_id, facts) for what, lead_id in ids.items()}
    email, phone, relay = (holders.get(what) for what in ("email", "phone", "relay"))
    return match_person(cleaned.contact, email, phone, relay)


def _lead_of(match: PersonMatch, facts: Facts) -> Record | None:
    if match.lead_id is None:
        return None
    facts.require(RecordRef(match.lead_id))
    record = facts.record(RecordRef(match.lead_id))
    return record if record is not None and record.lead is not None else None


def _holder(lead_id: str, facts: Facts) -> ClaimHolder | None:
    record = facts.record(RecordRef(lead_id))
    if record is None or record.lead is None:
        return None
    return ClaimHolder(lead_id=lead_id, contact=record.lead.contact)


def _without_lead(
    submission: Submission,
    outcome: SubmissionOutcome,
    reasons: tuple[Reason, ...],
    facts: Facts,
    book: CompiledPlaybook,
    now: datetime,
) -> Decision:
    event = Event(
        id=f"{submission.id}#0",
        name=f"Submission{outcome.capitalize()}",
        occurred_at=now,
        cause=submission.id,
        actor=submission.released_by.id if submission.released_by else None,
        data={
            "source": submission.source,
            "reason": reasons[0].code,
            **({"mended": ", ".join(submission.mended)} if submission.mended else {}),
        },
    )
    record = record_of(submission, outcome, reasons, None, book, now).but(events=(event,))
    if outcome is QUARANTINED:
        record = record.but(
            contact=submission.contact, touch=submission.touch, answers=submission.answers
        )
    return Decision(
        outcome=Verdict(
            submission_id=submission.id,
            outcome=outcome,
            reasons=reasons,
            ignored=submission.ignored,
        ),
        basis=basis(book, now),
        reasons=reasons,
        changes=(
            Change(RecordRef(submission.id), None, record),
            *release_changes(submission, facts),
        ),
        events=(event,),
    )


def _create_lead(
    submission: Submission,
    cleaned: NormalisedContact,
    match: PersonMatch,
    facts: Facts,
    book: CompiledPlaybook,
    now: datetime,
) -> Decision:
    """Nobody we know: this submission becomes a lead."""
    source, touch = book.source(submission.source), touch_of(submission)
    asked = submission.interest.product_line
    product_line = asked if asked in book.playbook.scores else source.product_line
    lead = Lead(
        contact=cleaned.contact,
        interest=submission.interest,
        fields=submission.fields,
        product_line=product_line,
        source=submission.source,
        channel=submission.channel,
        created_at=submission.since,
        score=Score(model=book.score_model(product_line).id),
        account=company_of(cleaned),
        first_touch=touch,
        last_touch=touch,
        consents=(submission.consent,) if submission.consent else (),
        possible_matches=match.possible,
        subscriber=source.subscribes,
    )
    record = record_of(submission, SubmissionOutcome.LEAD, (), submission.id, book, now).but(
        lead=lead
    )
    change_set = ChangeSet(
        trigger_id=submission.id,
        facts=facts,
        book=book,
        now=now,
        record=record,
        founding=True,
        actor=submission.released_by,
    )
    began = "ContactSubscribed" if lead.subscriber else "LeadCreated"
    change_set.record_event(began, source=lead.source, channel=str(lead.channel))
    if match.possible:
        change_set.record_event("PossibleMatchFound", other=match.possible[0])
    record_release(change_set, submission)
    claim_all(change_set, submission, cleaned)
    identify_visitor(change_set, submission)
    record_attendance(change_set, submission)
    kept = apply_lead_history(change_set, submission)
    rescore(change_set)
    qualify_or_nurture(change_set)
    auto_response.answer_inquiry(change_set, submission)
    reasons = (
        *explain_score(change_set),
        *possible_match_reasons(match),
        *cleaned.findings.reasons,
        *kept,
    )
    change_set.reasons = reasons
    for change in release_changes(submission, facts):
        change_set.add_change(change)
    return change_set.build_decision(
        Verdict(
            submission_id=submission.id,
            outcome=SubmissionOutcome.LEAD,
            lead_id=submission.id,
            reasons=reasons,
            ignored=submission.ignored,
        )
    )
