"""Who asks is answered at once, as the source says; whether it may be said is asked later."""

from datetime import timedelta

from leadloop.decide.draft import Draft
from leadloop.decide.view import asked_view, language_of
from leadloop.model.delivery import Purpose
from leadloop.model.submission import Submission


def answer(draft: Draft, submission: Submission) -> None:
    """The first answer of the source that fits what was asked now; none without an address."""
    rows = draft.book.auto_responses(submission.source)
    if not rows or draft.lead.contact.email is None:
        return
    view = asked_view(submission, draft.lead, draft.account(), draft.book)
    row = next((row for row, holds in rows if holds(view)), None)
    if row is None:
        return
    draft.deliver(
        Purpose.AUTO_RESPONSE,
        template=row.template,
        language=language_of(draft.lead, draft.book),
        not_after=submission.received_at + timedelta(hours=row.within_hours),
    )
