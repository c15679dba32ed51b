"""The answer to a partner about its submission. It shows only the partner's own past.

`merged` means that the partner itself sent the person before. If only another source knows the
person, the answer is that of a new person, in each field. So an accepted lead has only reasons that
follow from its own post, such as a phone that is none. Others would show what was known before.
"""

from collections.abc import Iterable
from http import HTTPStatus

from leadloop.model.base import Model, Reason
from leadloop.model.decision import Verdict
from leadloop.model.event import TimelineEntry
from leadloop.model.lead import SubmissionOutcome
from leadloop.model.stored_lead import StoredLead

STATUS = {
    SubmissionOutcome.LEAD: HTTPStatus.CREATED,
    SubmissionOutcome.MERGED: HTTPStatus.OK,
    SubmissionOutcome.QUARANTINED: HTTPStatus.ACCEPTED,
    SubmissionOutcome.REJECTED: HTTPStatus.UNPROCESSABLE_ENTITY,
}
DROPPED_CODES = frozenset({"phone_invalid", "email_invalid"})
SENT_BEFORE = Reason(code="sent_before", text="You sent us this person before")


class PartnerAnswer(Model):
    """The outcome of one submission. `lead_id` is always the id of a submission of the partner.

    `ignored` are the names in its body that nothing takes; it is left out where there are none.
    """

    submission_id: str
    outcome: SubmissionOutcome
    lead_id: str | None = None
    reasons: tuple[Reason, ...] = ()
    ignored: tuple[str, ...] | None = None


def first_submission(
    source: str, stored: StoredLead | None, timeline: Iterable[TimelineEntry]
) -> str | None:
    """The id of the first submission of `source` about this lead; None: it sent none.

    A person whom it sent in another product line is new in this one. `timeline` is newest first.
    The first submission never changes, so neither does the answer.
    """
    if stored is not None and stored.lead.source == source:
        return stored.founded_by
    first = None
    for entry in timeline:
        if entry.touch is not None and entry.touch.source == source:
            first = entry.trigger_id
    return first


def build_answer(verdict: Verdict, first: str | None) -> PartnerAnswer:
    """The answer to a verdict. `first` is the `first_submission` of a merged one."""
    id_, outcome = verdict.submission_id, verdict.outcome
    answer = PartnerAnswer(submission_id=id_, outcome=outcome, ignored=verdict.ignored or None)
    match outcome:
        case SubmissionOutcome.MERGED if first not in (None, id_):
            return answer.but(lead_id=first, reasons=(SENT_BEFORE, *_dropped_values(verdict)))
        case SubmissionOutcome.LEAD | SubmissionOutcome.MERGED:
            reasons = _dropped_values(verdict)
            return answer.but(outcome=SubmissionOutcome.LEAD, lead_id=id_, reasons=reasons)
        case SubmissionOutcome.QUARANTINED | SubmissionOutcome.REJECTED:
            return answer.but(reasons=verdict.reasons)


def _dropped_values(verdict: Verdict) -> tuple[Reason, ...]:
    """The reasons that name a value of the post itself that was left out."""
    return tuple(reason for reason in verdict.reasons if reason.code in DROPPED_CODES)
