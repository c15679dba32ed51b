"""A known person asks again: what the lead gains, and what it means where the lead stands."""

from datetime import datetime
from operator import attrgetter

from leadloop.decide.lead.auto_response import answer_inquiry
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.dormant import ACTIVE_STAGES, activate_dormant, record_history
from leadloop.decide.lead.qualification import (
    alert_owner,
    assign,
    promote_subscriber,
    qualify_or_nurture,
    rescore,
)
from leadloop.decide.lead.visitors import identify_visitor
from leadloop.decide.submissions.attendance import record_attendance, rescore_attendee
from leadloop.decide.submissions.records import (
    claim_all,
    company_of,
    finish_merge,
    open_change_set,
    possible_match_reasons,
    record_release,
    touch_of,
)
from leadloop.identity.merge import LeadDetails, merge_details
from leadloop.identity.same_person import PersonMatch
from leadloop.model.base import Reason
from leadloop.model.decision import Decision
from leadloop.model.facts import Facts
from leadloop.model.lead import (
    Opportunity,
    OpportunityState,
    Record,
    TimerKind,
)
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.model.submission import Submission
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.quality.normalise import NormalisedContact

MOST_CONSENTS = 8  # the latest; each one given is on the timeline for good


def merge_into(
    before: Record,
    submission: Submission,
    cleaned: NormalisedContact,
    match: PersonMatch,
    facts: Facts,
    book: CompiledPlaybook,
    now: datetime,
) -> Decision:
    """The lead gets what it had not, one more touch, and another look."""
    draft = open_change_set(submission, before, facts, book, now)
    lead, touch = draft.lead, touch_of(submission)
    known = merge_details(
        LeadDetails(
            contact=lead.contact, interest=lead.interest, fields=lead.fields, since=lead.since
        ),
        lead.created_at,
        LeadDetails(
            contact=cleaned.contact, interest=submission.interest, fields=submission.fields
        ),
        submission.since,
    )
    matches = dict.fromkeys((*lead.possible_matches, *match.possible))
    touches = sorted(
        (t for t in (lead.first_touch, lead.last_touch, touch) if t), key=lambda t: t.at
    )
    consents = (*lead.consents, *([submission.consent] if submission.consent else []))
    draft.update_lead(
        contact=known.contact,
        interest=known.interest,
        fields=known.fields,
        since=known.since,
        first_touch=touches[0],
        last_touch=touches[-1],
        consents=tuple(sorted(consents, key=attrgetter("at")))[-MOST_CONSENTS:],
        possible_matches=tuple(matches),
        account=lead.account or company_of(cleaned),
    )
    draft.touch, draft.note = touch, submission.interest.message
    draft.record_event("SubmissionMerged", submission=submission.id, source=submission.source)
    record_release(draft, submission)
    claim_all(draft, submission, cleaned)
    identify_visitor(draft, submission)
    record_attendance(draft, submission)
    by = Reason(code="same_person", text=f"the same {match.by} as a lead we have")
    if book.source(submission.source).subscribes:
        draft.record_event("ContactSubscribed", source=submission.source)
    elif submission.attendance is not None:
        rescore_attendee(draft)
    elif submission.past is not None:
        record_history(draft, submission.past, submission.source)
    else:
        promote_subscriber(draft)
        _resume_lead(draft, submission)
    if submission.past is None:
        answer_inquiry(draft, submission)
    reasons = (by, *possible_match_reasons(match), *cleaned.findings.reasons)
    return finish_merge(draft, submission, reasons)


def _resume_lead(draft: ChangeSet, submission: Submission) -> None:
    """Who was kept quiet asks for himself: nobody waits then until somebody releases the list."""
    quiet = draft.lead.quiet
    if quiet:
        activate_dormant(draft, "asked again")
    if not quiet or draft.lead.stage not in ACTIVE_STAGES:
        _react_by_stage(draft, submission)


def _react_by_stage(draft: ChangeSet, submission: Submission) -> None:
    """A known person asks again: what that means depends on where the lead stands."""
    match draft.lead.stage:
        case Stage.CUSTOMER if _has_open_opportunity(draft):
            alert_owner(draft, f"asked again through “{submission.source}”")
        case Stage.CUSTOMER:
            _open_next_opportunity(draft)
        case Stage.RECYCLED | Stage.DISQUALIFIED:
            reopen(draft, "asked again")
        case Stage.NEW | Stage.NURTURING:
            draft.update_lead(handed_back_at=None)
            rescore(draft)
            qualify_or_nurture(draft)
        case Stage.QUALIFIED | Stage.ACCEPTED | Stage.CONVERTED:
            rescore(draft)
            alert_owner(draft, f"asked again through “{submission.source}”")


def _has_open_opportunity(draft: ChangeSet) -> bool:
    found = draft.lead.opportunity
    return found is not None and found.state is OpportunityState.OPEN


def _open_next_opportunity(draft: ChangeSet) -> None:
    """A customer stays a customer and gets an opportunity, worked by customer success."""
    number = len(draft.lead.opportunities) + 1
    opportunity = Opportunity(
        id=f"{draft.lead_id}-{number}",
        state=OpportunityState.OPEN,
        opened_at=draft.now,
        existing_customer=True,
    )
    draft.update_lead(opportunities=(*draft.lead.opportunities, opportunity))
    draft.record_event("OpportunityOpened", opportunity=opportunity.id, existing_customer=True)
    if draft.lead.assignment is not None:  # another question: everybody has their chance again
        draft.update_lead(assignment=draft.lead.assignment.but(takebacks=0))
    rescore(draft)
    assign(draft)


def reopen(draft: ChangeSet, why: str) -> None:
    """A lead that waited or was put aside is worked once more."""
    lead = draft.lead
    draft.stop_timers(TimerKind.RECYCLE)
    draft.update_lead(stage=move(lead.stage, Move.REOPEN), cycle=lead.cycle + 1)
    draft.update_lead(assignment=None, handed_back_at=None)
    draft.record_event("LeadReopened", cycle=lead.cycle + 1, why=why)
    rescore(draft)
    qualify_or_nurture(draft)
