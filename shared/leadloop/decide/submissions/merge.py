"""A known person asks again: what the lead gains, and what it means where the lead stands."""

from operator import attrgetter

from leadloop.decide.lead.assignment import assign
from leadloop.decide.lead.auto_response import answer_inquiry
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.dormant import ACTIVE_STAGES, activate_dormant, record_history
from leadloop.decide.lead.event_fields import arrival_fields, record_possible_matches
from leadloop.decide.lead.qualification import promote_subscriber, qualify_or_nurture, reopen
from leadloop.decide.lead.rep_alert import alert_owner
from leadloop.decide.lead.scoring import rescore
from leadloop.decide.lead.visitors import identify_visitor
from leadloop.decide.submissions.attendance import record_attendance, rescore_attendee
from leadloop.decide.submissions.case import SubmissionCase
from leadloop.intake.fields.prospect import is_resend_of
from leadloop.model.base import Reason
from leadloop.model.decision import Decision
from leadloop.model.events.leads import ContactSubscribed
from leadloop.model.events.sales import OpportunityOpened
from leadloop.model.events.submissions import SubmissionMerged
from leadloop.model.lead import Opportunity, OpportunityState
from leadloop.model.lifecycle import Stage
from leadloop.model.stored_lead import StoredLead

RESEND_REASON = Reason(code="resent", text="its vendor sends a lead again that we have")


def merge_into(case: SubmissionCase, before: StoredLead) -> Decision:
    """The lead of `before` gains what it had not, one more touch, and another look.

    What its vendor sends again is no other inquiry: nobody is told, and no clock begins.
    """
    submission = case.submission
    change_set = case.open_lead(before)
    before_matches = change_set.person.possible_matches
    _merge_values(change_set, case)
    change_set.touch, change_set.note = case.inquiry.touch, submission.interest.message
    arrival = arrival_fields(case.inquiry.touch, submission.consent)
    change_set.record_event(
        SubmissionMerged(
            submission=submission.id,
            source=submission.source,
            campaign=arrival.campaign,
            purposes=arrival.purposes,
        )
    )
    record_possible_matches(change_set, known=before_matches)
    case.record_release(change_set)
    case.claim_values(change_set)
    identify_visitor(change_set, submission)
    is_resent = is_resend_of(submission.fields, change_set.lead.fields)
    record_attendance(change_set, case)
    if is_resent:
        return case.merge(change_set, RESEND_REASON, *case.inquiry.normalised.findings.reasons)
    if case.inquiry.source.subscribes:
        change_set.record_event(
            ContactSubscribed(
                source=submission.source,
                channel=submission.channel,
                product_line=change_set.lead.product_line,
            )
        )
    elif submission.attendance is not None:
        rescore_attendee(change_set)
    elif submission.past is not None:
        record_history(change_set, submission.past, submission.source)
    else:
        if change_set.lead.subscriber:  # nothing is sold to a mere subscriber: no line is left
            change_set.update_lead(product_line=case.inquiry.product_line)
        promote_subscriber(change_set)
        _resume_lead(change_set, f"asked again through “{submission.source}”")
    if submission.past is None:
        answer_inquiry(change_set, submission)
    return case.merge(
        change_set,
        Reason(code="same_person", text=f"the same {case.match.by} as a lead we have"),
        *case.possible_match_reasons,
        *case.inquiry.unknown_line_reasons,
        *case.inquiry.normalised.findings.reasons,
    )


def _merge_values(change_set: ChangeSet, case: SubmissionCase) -> None:
    lead = change_set.lead
    case.merge_person(change_set)
    case.add_consent(change_set)
    touches = sorted(
        (t for t in (lead.first_touch, lead.last_touch, case.inquiry.touch) if t),
        key=attrgetter("at"),
    )
    change_set.update_lead(first_touch=touches[0], last_touch=touches[-1])


def _resume_lead(change_set: ChangeSet, why: str) -> None:
    """Release a dormant lead: its person has asked."""
    was_quiet = change_set.lead.quiet
    if was_quiet:
        activate_dormant(change_set, "asked again")
    if not was_quiet or change_set.lead.stage not in ACTIVE_STAGES:
        _react_by_stage(change_set, why)


def _react_by_stage(change_set: ChangeSet, why: str) -> None:
    match change_set.lead.stage:
        case Stage.CUSTOMER if _has_open_opportunity(change_set):
            alert_owner(change_set, why)
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
            alert_owner(change_set, why)


def _has_open_opportunity(change_set: ChangeSet) -> bool:
    opportunity = change_set.lead.opportunity
    return opportunity is not None and opportunity.state is OpportunityState.OPEN


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
    change_set.record_event(
        OpportunityOpened(
            opportunity=opportunity.id,
            existing_customer=True,
            product_line=change_set.lead.product_line,
        )
    )
    if change_set.lead.assignment is not None:  # another question: every rep gets a chance again
        change_set.update_lead(assignment=change_set.lead.assignment.but(takebacks=0))
    rescore(change_set)
    assign(change_set)
