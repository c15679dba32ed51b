"""A submission is read again by today's reader: its lead gains what the first reading missed.

The person did not ask again. So nobody is alerted, no opportunity is opened, and no lead is woken.
It merges like every other submission: what the same reading brought before is not overwritten.
"""

from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import rescore
from leadloop.decide.submissions.case import SubmissionCase
from leadloop.identity.merge import LeadDetails
from leadloop.model.base import Reason
from leadloop.model.decision import Decision, Verdict
from leadloop.model.events.submissions import SubmissionReadAnew
from leadloop.model.lead import Record
from leadloop.model.lifecycle import Stage

REPLAY_REASON = Reason(code="read_anew", text="a later reader understood more of it")
DIFFERENCE_CODE = "differs"


def merge_replay(case: SubmissionCase) -> Decision | None:
    """Merged into the lead of the cause, which gains what it had not; None if there is no lead."""
    cause, submission = case.cause, case.submission
    if cause is None or cause.lead_id is None:
        return None
    before = case.find_lead(cause.lead_id)
    if before is None or submission.unreadable:
        return _keep(case, cause, cause.reasons)
    if before.id == cause.id:  # then the release is shown by the same change
        record = before.record.but(released_as=submission.id, released_by=submission.released_by)
        before = before._replace(record=record)
    change_set = case.open_lead(before)
    merged = case.merge_details(change_set, submission.received_at)
    differences = _difference_reasons(merged, case.inquiry.details)
    if merged == case.known_details(change_set):
        return _keep(case, cause, differences)
    case.put_details(change_set, merged)
    change_set.update_person(account=change_set.person.account or case.inquiry.company)
    change_set.record_event(SubmissionReadAnew(submission=submission.id, parser=submission.parser))
    case.claim_values(change_set)
    rescore(change_set)
    if change_set.lead.stage in (Stage.NEW, Stage.NURTURING):
        qualify_or_nurture(change_set)
    return case.merge(change_set, REPLAY_REASON, *differences)


def keep_if_unchanged(case: SubmissionCase, decision: Decision) -> Decision:
    """The decision; for a replay that ends as before, the earlier decision.

    Otherwise each replay of an unchanged submission would add one more successor.
    """
    cause, verdict = case.cause, decision.outcome
    if cause is None or cause.lead_id is not None or not case.submission.replayed:
        return decision
    if isinstance(verdict, Verdict) and verdict.outcome is cause.outcome:
        return _keep(case, cause, verdict.reasons)
    return decision


def _keep(case: SubmissionCase, cause: Record, reasons: tuple[Reason, ...]) -> Decision:
    """The cause's own outcome: nothing is written, and it gets no successor."""
    verdict = cause.verdict().but(reasons=reasons, ignored=(), repeated=True)
    return case.build_decision(verdict)


def _difference_reasons(merged: LeadDetails, incoming: LeadDetails) -> tuple[Reason, ...]:
    """One reason per field that reads otherwise now, without the values: they are the person's."""
    pairs = (
        ("contact", merged.contact.model_dump(), incoming.contact.model_dump()),
        ("interest", merged.interest.model_dump(), incoming.interest.model_dump()),
        ("fields", merged.fields, incoming.fields),
    )
    return tuple(
        Reason(
            code=DIFFERENCE_CODE,
            text=f"{group}.{name}: reads otherwise now; the lead keeps its own",
        )
        for group, held, values in pairs
        for name, value in values.items()
        if value is not None and held.get(name) != value
    )
