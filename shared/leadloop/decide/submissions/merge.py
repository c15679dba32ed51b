"""A known person asks again: what the lead gains, and what it means where the lead stands."""

from datetime import datetime
from operator import attrgetter

from leadloop.decide.lead.assignment import alert_owner, assign
from leadloop.decide.lead.auto_response import answer_inquiry
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.dormant import ACTIVE_STAGES, activate_dormant, record_history
from leadloop.decide.lead.qualification import promote_subscriber, qualify_or_nurture, reopen
from leadloop.decide.lead.scoring import rescore
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
)
from leadloop.model.lifecycle import Stage
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
    change_set = open_change_set(submission, before, facts, book, now)
    lead, touch = change_set.lead, touch_of(submission)
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
    change_set.update_lead(
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
    change_set.touch, change_set.note = touch, submission.interest.message
    change_set.record_event("SubmissionMerged", submission=submission.id, source=submission.source)
    record_release(change_set, submission)
    claim_all(change_set, submission, cleaned)
    identify_visitor(change_set, submission)
    record_attendance(change_set, submission)
    by = Reason(code="same_person", text=f"the same {match.by} as a lead we have")
    if book.source(submission.source).subscribes:
        change_set.record_event("ContactSubscribed", source=submission.source)
    elif submission.attendance is not None:
        rescore_attendee(change_set)
    elif submission.past is not None:
        record_history(change_set, submission.past, submission.source)
    else:
        promote_subscriber(change_set)
        _resume_lead(change_set, submission)
    if submission.past is None:
        answer_inquiry(change_set, submission)
    reasons = (by, *possible_match_reasons(match), *cleaned.findings.reasons)
    return finish_merge(change_set, submission, reasons)


def _resume_lead(change_set: ChangeSet, submission: Submission) -> None:
    """Who was kept quiet asks for himself: nobody waits then until somebody releases the list."""
    quiet = change_set.lead.quiet
    if quiet:
        activate_dormant(change_set, "asked again")
    if not quiet or change_set.lead.stage not in ACTIVE_STAGES:
        _react_by_stage(change_set, submission)


def _react_by_stage(change_set: ChangeSet, submission: Submission) -> None:
    """A known person asks again: what that means depends on where the lead stands."""
    match change_set.lead.stage:
        case Stage.CUSTOMER if _has_open_opportunity(change_set):
            alert_owner(change_set, f"asked again through “{submission.source}”")
        case Stage.CUSTOMER:
            _open_next_opportunity(change_set)
        case Stage.RECYCLED | Stage.DISQUALIFIED:
            reopen(change_set, "asked again")
        case Stage.NEW | Stage.NURTURING:
            change_set.update_lead(handed_back_at=None)
            rescore(change_set)
            qualify_or_nurture(change_set)
        case Stage.QUALIFIED | Stage.ACCEPTED | Stage.CONVERTED:
            rescore(change_set)
            alert_owner(change_set, f"asked again through “{submission.source}”")


def _has_open_opportunity(change_set: ChangeSet) -> bool:
    found = change_set.lead.opportunity
    return found is not None and found.state is OpportunityState.OPEN


def _open_next_opportunity(change_set: ChangeSet) -> None:
    """A customer stays a customer and gets an opportunity, worked by customer success."""
    number = len(change_set.lead.opportunities) + 1
    opportunity = Opportunity(
        id=f"{change_set.lead_id}-{number}",
        state=OpportunityState.OPEN,
        opened_at=change_set.now,
        existing_customer=True,
    )
    change_set.update_lead(opportunities=(*change_set.lead.opportunities, opportunity))
    change_set.record_event("OpportunityOpened", opportunity=opportunity.id, existing_customer=True)
    if change_set.lead.assignment is not None:  # another question: everybody has their chance again
        change_set.update_lead(assignment=change_set.lead.assignment.but(takebacks=0))
    rescore(change_set)
    assign(change_set)
