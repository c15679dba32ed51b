"""A person we do not know: the submission becomes a lead."""

from leadloop.decide.lead.auto_response import answer_inquiry
from leadloop.decide.lead.dormant import apply_lead_history
from leadloop.decide.lead.event_fields import arrival_fields, record_possible_matches
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import explain_score, rescore
from leadloop.decide.lead.visitors import identify_visitor
from leadloop.decide.submissions.attendance import record_attendance
from leadloop.decide.submissions.case import SubmissionCase
from leadloop.model.decision import Decision
from leadloop.model.events.leads import ContactSubscribed, LeadCreated
from leadloop.model.lead import Lead, Score, SubmissionOutcome
from leadloop.model.person import Person
from leadloop.model.stored_lead import StoredLead


def create_lead(case: SubmissionCase) -> Decision:
    """The decision that founds the lead: scored, routed or nurtured, and answered."""
    submission = case.submission
    person, lead = _build_person(case), _build_lead(case)
    record = case.record(SubmissionOutcome.LEAD, (), submission.id).but(person=person, lead=lead)
    before = StoredLead(record.id, record, person, lead)
    change_set = case.open_lead(before, founding=True)
    arrival = arrival_fields(case.inquiry.touch, submission.consent)
    kind = ContactSubscribed if lead.subscriber else LeadCreated
    change_set.record_event(
        kind(
            source=lead.source,
            channel=lead.channel,
            product_line=lead.product_line,
            campaign=arrival.campaign,
            purposes=arrival.purposes,
        )
    )
    record_possible_matches(change_set)
    case.record_release(change_set)
    case.claim_values(change_set)
    identify_visitor(change_set, submission)
    record_attendance(change_set, case)
    history_reasons = apply_lead_history(change_set, submission)
    rescore(change_set)
    qualify_or_nurture(change_set)
    answer_inquiry(change_set, submission)
    change_set.reasons = (
        *explain_score(change_set),
        *case.possible_match_reasons,
        *case.inquiry.normalised.findings.reasons,
        *history_reasons,
    )
    for change in case.other_changes:
        change_set.add_change(change)
    return change_set.build_decision(record.but(reasons=change_set.reasons).verdict())


def _build_person(case: SubmissionCase) -> Person:
    consent = case.submission.consent
    return Person(
        contact=case.inquiry.normalised.contact,
        account=case.inquiry.company,
        consents=(consent,) if consent else (),
        possible_matches=case.match.possible,
    )


def _build_lead(case: SubmissionCase) -> Lead:
    submission, source = case.submission, case.inquiry.source
    wish = submission.interest.product_line
    product_line = wish if wish in case.book.playbook.scores else source.product_line
    return Lead(
        interest=submission.interest,
        fields=submission.fields,
        product_line=product_line,
        source=submission.source,
        channel=submission.channel,
        created_at=submission.since,
        score=Score(model=case.book.score_model(product_line).id),
        first_touch=case.inquiry.touch,
        last_touch=case.inquiry.touch,
        subscriber=source.subscribes,
    )
