"""A person we do not know, or another product line: the submission becomes a lead."""

from leadloop.decide.lead.auto_response import answer_inquiry
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.dormant import apply_lead_history
from leadloop.decide.lead.event_fields import arrival_fields, record_possible_matches
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import explain_score, rescore
from leadloop.decide.lead.visitors import identify_visitor
from leadloop.decide.submissions.attendance import record_attendance
from leadloop.decide.submissions.case import SubmissionCase
from leadloop.model.decision import Decision
from leadloop.model.events.leads import ContactSubscribed, LeadCreated
from leadloop.model.facts import Change
from leadloop.model.further_lead import FurtherLead
from leadloop.model.lead import Lead, RecordRef, Score, SubmissionOutcome
from leadloop.model.lead_id import further_lead_id
from leadloop.model.person import Person
from leadloop.model.stored_lead import StoredLead
from leadloop.model.submission import ConsentRecord


def create_lead(case: SubmissionCase) -> Decision:
    """The decision that founds the lead: scored, routed or nurtured, and answered.

    The first lead of a person lies in the submission's own record. A further one is an item of its
    own, and the person is changed only by what is new.
    """
    if case.first is None:
        change_set = _open_first_lead(case)
    else:
        change_set = _open_further_lead(case, case.first)
    known_matches = case.first.person.possible_matches if case.first is not None else ()
    submission, lead = case.submission, change_set.lead
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
    record_possible_matches(change_set, known=known_matches)
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
        *case.inquiry.unknown_line_reasons,
        *case.inquiry.normalised.findings.reasons,
        *history_reasons,
    )
    for change in case.other_changes:
        change_set.add_change(change)
    record = case.record(SubmissionOutcome.LEAD, change_set.reasons, change_set.lead_id)
    if case.first is not None:
        change_set.add_change(Change(RecordRef(record.id), None, record))
    return change_set.build_decision(record.verdict())


def _open_first_lead(case: SubmissionCase) -> ChangeSet:
    consent, lead = case.submission.consent, _build_lead(case)
    person = Person(
        contact=case.inquiry.normalised.contact,
        account=case.inquiry.company,
        consents=(consent,) if consent else (),
        possible_matches=case.match.possible,
    )
    record = case.record(SubmissionOutcome.LEAD, (), case.submission.id)
    record = record.but(person=person, lead=lead)
    return case.open_lead(StoredLead(record.id, record, person, lead), founding=True)


def _open_further_lead(case: SubmissionCase, first: StoredLead) -> ChangeSet:
    submission, lead = case.submission, _build_lead(case)
    further = FurtherLead(
        id=further_lead_id(first.record.id, lead.product_line),
        version=1,
        submission=submission.id,
        decided_at=case.now,
        lead=lead,
        consent=submission.consent,
    )
    before = StoredLead(further.id, first.record, first.person, lead, further)
    change_set = case.open_lead(before, founding=True)
    change_set.touch, change_set.note = case.inquiry.touch, submission.interest.message
    case.merge_person(change_set)
    if _is_consent_new(change_set.person, submission.consent):
        case.add_consent(change_set)
    return change_set


def _build_lead(case: SubmissionCase) -> Lead:
    submission, product_line = case.submission, case.inquiry.product_line
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
        subscriber=case.inquiry.source.subscribes,
    )


def _is_consent_new(person: Person, consent: ConsentRecord | None) -> bool:
    """Whether the person has agreed to something new, or to another text.

    The proof of what was agreed to before lies with the further lead.
    """
    return consent is not None and not any(
        set(consent.purposes) <= set(known.purposes) and consent.text_version == known.text_version
        for known in person.consents
    )
