"""A submission that has its lead is read anew: the lead gains what was not understood then.

Nobody has asked again, so nobody is told so, no opportunity is opened, and no lead is woken. It
merges by the law of every merge, so what the same reading brought before is not overwritten.
"""

from datetime import datetime

from leadloop.decide.lead.change_set import without_changes
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import rescore
from leadloop.decide.submissions.records import claim_all, company_of, finish_merge, open_change_set
from leadloop.identity.merge import LeadDetails, merge_details
from leadloop.model.base import Reason
from leadloop.model.decision import Decision, Verdict
from leadloop.model.facts import Facts, RecordRef
from leadloop.model.lead import Lead, Record
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Submission
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.quality.normalise import NormalisedContact

REPLAY_REASON = Reason(code="read_anew", text="a later reader understood more of it")
DIFFERENCE_CODE = "differs"


def merge_replay(
    cause: Record,
    submission: Submission,
    cleaned: NormalisedContact,
    facts: Facts,
    book: CompiledPlaybook,
    now: datetime,
) -> Decision:
    """The lead of `cause` with what it had not; the same again if that is nothing."""
    if cause.lead_id is None:
        raise ValueError(f"the submission {cause.id} has no lead")
    facts.require(RecordRef(cause.lead_id))
    before = facts.record(RecordRef(cause.lead_id))
    if before is None or before.lead is None or submission.unreadable:
        return unchanged_decision(cause, cause.reasons, book, now)
    if before.id == cause.id:  # then the release is shown by the same change
        before = before.but(released_as=submission.id, released_by=submission.released_by)
    change_set = open_change_set(submission, before, facts, book, now)
    known = _lead_values(change_set.lead)
    both = _merge_fields(known, change_set.lead.created_at, submission, cleaned)
    if known == both:
        return unchanged_decision(cause, _difference_reasons(both, submission, cleaned), book, now)
    change_set.update_lead(
        contact=both.contact,
        interest=both.interest,
        fields=both.fields,
        since=both.since,
        account=change_set.lead.account or company_of(cleaned),
    )
    change_set.record_event(
        "SubmissionReadAnew", submission=submission.id, parser=submission.parser
    )
    claim_all(change_set, submission, cleaned)
    rescore(change_set)
    if change_set.lead.stage in (Stage.NEW, Stage.NURTURING):
        qualify_or_nurture(change_set)
    return finish_merge(
        change_set, submission, (REPLAY_REASON, *_difference_reasons(both, submission, cleaned))
    )


def unchanged_decision(
    cause: Record, reasons: tuple[Reason, ...], book: CompiledPlaybook, now: datetime
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


def _merge_fields(
    known: LeadDetails, created_at: datetime, read: Submission, cleaned: NormalisedContact
) -> LeadDetails:
    brought = LeadDetails(contact=cleaned.contact, interest=read.interest, fields=read.fields)
    return merge_details(known, created_at, brought, read.received_at)


def _lead_values(lead: Lead) -> LeadDetails:
    return LeadDetails(
        contact=lead.contact, interest=lead.interest, fields=lead.fields, since=lead.since
    )


def _difference_reasons(
    merged: LeadDetails, submission: Submission, cleaned: NormalisedContact
) -> tuple[Reason, ...]:
    """By field, without the values: they are the person's."""
    pairs = (
        ("contact", merged.contact.model_dump(), cleaned.contact.model_dump()),
        ("interest", merged.interest.model_dump(), submission.interest.model_dump()),
        ("fields", merged.fields, submission.fields),
    )
    return tuple(
        Reason(
            code=DIFFERENCE_CODE,
            text=f"{group}.{name}: reads otherwise now; the lead keeps its own",
        )
        for group, held, brought in pairs
        for name, value in brought.items()
        if value is not None and held.get(name) != value
    )
