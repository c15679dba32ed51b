"""What a partner is told of a submission: its own past, and nothing of anybody else's.

`merged` exists only against the partner's own earlier submissions. When another source knows the
person, the answer is that of a new person, field by field; that is why an accepted lead carries
no reasons: they would tell what was known before.
"""

from collections.abc import Iterable
from http import HTTPStatus

from leadloop.model.base import Model, Reason
from leadloop.model.event import Entry
from leadloop.model.lead import Record, SubmissionOutcome

STATUS = {
    SubmissionOutcome.LEAD: HTTPStatus.CREATED,
    SubmissionOutcome.MERGED: HTTPStatus.OK,
    SubmissionOutcome.QUARANTINED: HTTPStatus.ACCEPTED,
    SubmissionOutcome.REJECTED: HTTPStatus.UNPROCESSABLE_ENTITY,
}
SEEN_BEFORE = Reason(code="sent_before", text="You sent us this person before")


class Answer(Model):
    """The outcome of one submission. `lead_id` is always the id of a submission of the partner."""

    submission_id: str
    outcome: SubmissionOutcome
    lead_id: str | None = None
    reasons: tuple[Reason, ...] = ()


def first_own(source: str, founding: Record | None, timeline: Iterable[Entry]) -> str | None:
    """The first submission by which `source` brought this person; `timeline` oldest first.

    It never changes once it is there, so the same question has the same answer for ever.
    """
    if founding is not None and founding.source == source:
        return founding.id
    own = (entry for entry in timeline if entry.touch is not None and entry.touch.source == source)
    first = next(own, None)
    return first.trigger_id if first else None


def answer(record: Record, first: str | None) -> Answer:
    """What the partner that made `record` is told; `first` is `first_own` of its lead."""
    match record.outcome:
        case SubmissionOutcome.MERGED if first is not None and first != record.id:
            return Answer(
                submission_id=record.id,
                outcome=SubmissionOutcome.MERGED,
                lead_id=first,
                reasons=(SEEN_BEFORE,),
            )
        case SubmissionOutcome.LEAD | SubmissionOutcome.MERGED:
            return Answer(
                submission_id=record.id, outcome=SubmissionOutcome.LEAD, lead_id=record.id
            )
        case SubmissionOutcome.QUARANTINED | SubmissionOutcome.REJECTED:
            return Answer(submission_id=record.id, outcome=record.outcome, reasons=record.reasons)
