"""A submission that has its lead is read anew: the lead gains what was not understood then.

Nobody has asked again, so nobody is told so, no opportunity is opened, and no lead is woken. It
merges by the law of every merge, so what the same reading brought before is not overwritten.
"""

from datetime import datetime

from leadloop.decide.lead.change_set import without_changes
from leadloop.decide.lead.qualification import advance, rescore
from leadloop.decide.submissions.records import claim_all, company_of, draft_of, merged
from leadloop.identity.merge import Known, merge
from leadloop.model.base import Reason
from leadloop.model.decision import Decision, Verdict
from leadloop.model.facts import Facts, RecordRef
from leadloop.model.lead import Lead, Record
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Submission
from leadloop.playbook.compiled import Compiled
from leadloop.quality.normalise import Cleaned

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
    if before.id == cause.id:  # then the release is shown by the same change
        before = before.but(released_as=submission.id, released_by=submission.released_by)
    draft = draft_of(submission, before, facts, book, now)
    known = _known(draft.lead)
    both = _merged(known, draft.lead.created_at, submission, cleaned)
    if known == both:
        return unchanged(cause, _differing(both, submission, cleaned), book, now)
    draft.set(
        contact=both.contact,
        interest=both.interest,
        fields=both.fields,
        since=both.since,
        account=draft.lead.account or company_of(cleaned),
    )
    draft.event("SubmissionReadAnew", submission=submission.id, parser=submission.parser)
    claim_all(draft, submission, cleaned)
    rescore(draft)
    if draft.lead.stage in (Stage.NEW, Stage.NURTURING):
        advance(draft)
    return merged(draft, submission, (READ_ANEW, *_differing(both, submission, cleaned)))


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


def _merged(known: Known, created_at: datetime, read: Submission, cleaned: Cleaned) -> Known:
    brought = Known(contact=cleaned.contact, interest=read.interest, fields=read.fields)
    return merge(known, created_at, brought, read.received_at)


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
