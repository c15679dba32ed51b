"""A submission that has its lead is read anew: the lead gains what was not understood then.

Nobody has asked again, so nobody is told so, no opportunity is opened, and no lead is woken. It
merges by the law of every merge, so what the same reading brought before is not overwritten.
"""

from datetime import datetime

from leadloop.decide.advance import advance, rescore
from leadloop.decide.draft import Draft, without_changes
from leadloop.decide.keeping import claim_all, company_of, record_of, released
from leadloop.identity.merge import Known, merge
from leadloop.model.base import Reason
from leadloop.model.decision import Decision, Verdict
from leadloop.model.facts import Change, Facts, RecordRef
from leadloop.model.lead import Lead, Record, SubmissionOutcome
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Submission
from leadloop.playbook.compiled import Compiled
from leadloop.quality.clean import Cleaned

READ_ANEW = Reason(code="read_anew", text="a later reader understood more of it")
DIFFERS = "differs"


def read_anew(
    cause: Record,
    submission: Submission,
    cleaned: Cleaned,
    facts: Facts,
    book: Compiled,
    now: datetime,
) -> Decision:
    """The lead of `cause` with what it had not; the same again if that is nothing."""
    if cause.lead_id is None:
        raise ValueError(f"the submission {cause.id} has no lead")
    facts.require(RecordRef(cause.lead_id))
    before = facts.record(RecordRef(cause.lead_id))
    if before is None or before.lead is None or submission.unreadable:
        return unchanged(cause, cause.reasons, book, now)
    own = before.id == cause.id  # then the release is shown by the same change
    draft = Draft(
        trigger_id=submission.id,
        facts=facts,
        book=book,
        now=now,
        record=before.but(released_as=submission.id, released_by=submission.released_by)
        if own
        else before,
        actor=submission.released_by,
    )
    merged = _merged(before.lead, submission, cleaned)
    if _known(before.lead) == merged:
        return unchanged(cause, _differing(merged, submission, cleaned), book, now)
    draft.set(
        contact=merged.contact,
        interest=merged.interest,
        fields=merged.fields,
        since=merged.since,
        account=before.lead.account or company_of(cleaned),
    )
    draft.event("SubmissionReadAnew", submission=submission.id, parser=submission.parser)
    claim_all(draft, submission, cleaned)
    rescore(draft)
    if draft.lead.stage in (Stage.NEW, Stage.NURTURING):
        advance(draft)
    reasons = (READ_ANEW, *_differing(merged, submission, cleaned))
    record = record_of(submission, SubmissionOutcome.MERGED, reasons, before.id, book, now)
    draft.put(Change(RecordRef(submission.id), None, record))
    for change in () if own else released(submission, facts):
        draft.put(change)
    return draft.decision(
        Verdict(
            submission_id=submission.id,
            outcome=SubmissionOutcome.MERGED,
            lead_id=before.id,
            reasons=reasons,
        )
    )


def unchanged(
    cause: Record, reasons: tuple[Reason, ...], book: Compiled, now: datetime
) -> Decision:
    """Nothing better came of it: what was decided then stands, and there is no successor."""
    verdict = Verdict(
        submission_id=cause.id,
        outcome=cause.outcome,
        lead_id=cause.lead_id,
        reasons=reasons,
        repeated=True,
    )
    return without_changes(verdict, book, now)


def _merged(lead: Lead, submission: Submission, cleaned: Cleaned) -> Known:
    brought = Known(contact=cleaned.contact, interest=submission.interest, fields=submission.fields)
    return merge(_known(lead), lead.created_at, brought, submission.received_at)


def _known(lead: Lead) -> Known:
    return Known(contact=lead.contact, interest=lead.interest, fields=lead.fields, since=lead.since)


def _differing(merged: Known, submission: Submission, cleaned: Cleaned) -> tuple[Reason, ...]:
    """By field, without the values: they are the person's."""
    pairs = (
        ("contact", merged.contact.model_dump(), cleaned.contact.model_dump()),
        ("interest", merged.interest.model_dump(), submission.interest.model_dump()),
        ("fields", merged.fields, submission.fields),
    )
    return tuple(
        Reason(code=DIFFERS, text=f"{group}.{name}: reads otherwise now; the lead keeps its own")
        for group, held, brought in pairs
        for name, value in brought.items()
        if value is not None and held.get(name) != value
    )
