"""What a partner is told of a submission: its own past, and nothing of anybody else's.

`merged` exists only against the partner's own earlier submissions. When another source knows the
person, the answer is that of a new person, field by field; that is why an accepted lead carries
no reasons: they would tell what was known before.
"""

from collections.abc import Iterable
from http import HTTPStatus

from leadloop.model.base import Model, Reason
from leadloop.model.decision import Verdict
from leadloop.model.event import TimelineEntry
from leadloop.model.lead import Record, SubmissionOutcome

STATUS = {
    SubmissionOutcome.LEAD: HTTPStatus.CREATED,
    SubmissionOutcome.MERGED: HTTPStatus.OK,
    SubmissionOutcome.QUARANTINED: HTTPStatus.ACCEPTED,
    SubmissionOutcome.REJECTED: HTTPStatus.UNPROCESSABLE_ENTITY,
}
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
    source: str, founding: Record | None, timeline: Iterable[TimelineEntry]
) -> str | None:
    """The first submission by which `source` brought this person; `timeline` newest first.

    It never changes once it is there, so the same question has the same answer for ever.
    """
    if founding is not None and founding.source == source:
        return founding.id
    first = None
    for entry in timeline:
        if entry.touch is not None and entry.touch.source == source:
            first = entry.trigger_id
    return first


def build_answer(verdict: Verdict, first: str | None) -> PartnerAnswer:
    """What the partner is told of its submission; `first` is the `first_own` of a merged one."""
    id_, outcome = verdict.submission_id, verdict.outcome
    plain = PartnerAnswer(submission_id=id_, outcome=outcome, ignored=verdict.ignored or None)
    match outcome:
        case SubmissionOutcome.MERGED if first not in (None, id_):
            return plain.but(lead_id=first, reasons=(SENT_BEFORE,))
        case SubmissionOutcome.LEAD | SubmissionOutcome.MERGED:
            return plain.but(outcome=SubmissionOutcome.LEAD, lead_id=id_)
        case SubmissionOutcome.QUARANTINED | SubmissionOutcome.REJECTED:
            return plain.but(reasons=verdict.reasons)
