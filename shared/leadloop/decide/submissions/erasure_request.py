"""A vendor asks us to erase a lead: messages stop, and a person does the erasing."""

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.enrolment import leave_all_sequences
from leadloop.decide.lead.stops import disqualify_unworked, stop_address
from leadloop.decide.submissions.case import SubmissionCase
from leadloop.model.base import Reason
from leadloop.model.consent import Suppression
from leadloop.model.decision import Applied, Decision
from leadloop.model.events.submissions import ErasureAsked
from leadloop.model.facts import Change
from leadloop.model.lead import RecordRef
from leadloop.model.stored_lead import StoredLead

ERASURE_CODE = "erasure_asked"


def quarantine_erasure_request(case: SubmissionCase) -> Decision | None:
    """Quarantined for a person to erase; the lead it names is stopped at once.

    Deliveries have no order: what comes after the wish to forget it becomes no lead either.
    """
    if case.is_erased_already:
        reason = "the vendor asked to forget it before it came"
        return case.quarantine(Reason(code=ERASURE_CODE, text=reason))
    erases = case.submission.erases
    if erases is None:
        return None
    text = f"the vendor asks to forget what came as {erases}"
    decision = case.quarantine(Reason(code=ERASURE_CODE, text=text))
    return decision._replace(changes=(*decision.changes, *_stop_changes(case, erases)))


def _stop_changes(case: SubmissionCase, erases: str) -> tuple[Change, ...]:
    """What changes for the lead, if what is to be forgotten is part of one."""
    record = case.facts.get(RecordRef(erases))
    if record is None or record.lead_id is None:
        return ()
    before = case.find_lead(record.lead_id)
    if before is None:
        return ()
    change_set = _stop_lead(case, before)
    outcome = Applied(lead_id=before.id, version=change_set.version, what=ERASURE_CODE)
    return change_set.build_decision(outcome).changes


def _stop_lead(case: SubmissionCase, before: StoredLead) -> ChangeSet:
    submission = case.submission
    change_set = ChangeSet(context=case, trigger_id=submission.id, before=before)
    if (email := change_set.person.contact.email) is not None:
        stop_address(change_set, email, Suppression(why=ERASURE_CODE, at=case.now))
    change_set.record_event(ErasureAsked(source=submission.source, submission=submission.id))
    for each in (change_set, *change_set.open_others()):
        each.update_lead(open_question=None)
        leave_all_sequences(each, "asked to be forgotten")
        disqualify_unworked(each, ERASURE_CODE)
    return change_set
