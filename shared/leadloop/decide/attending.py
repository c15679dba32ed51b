"""Who is on the list of an event: the latest that was told of a person stands."""

from datetime import datetime

from leadloop.decide.advance import advance, rescore
from leadloop.decide.draft import Draft
from leadloop.model.lead import Attended
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Attendance, Submission

RANK = tuple(Attendance)  # of two told at the same moment the later word counts


def attends(draft: Draft, submission: Submission) -> None:
    """Note how the person stands to the event of the submission's source, if that is of one."""
    event, status = draft.book.source(submission.source).event, submission.attendance
    if event is None or status is None:
        return
    known = draft.lead.attendance.get(event)
    if known is not None and _newer(known.at, known.status) >= _newer(
        submission.received_at, status
    ):
        return
    told = Attended(status=status, at=submission.received_at)
    draft.set(attendance={**draft.lead.attendance, event: told})
    if known is None or known.status is not status:
        draft.event("AttendanceChanged", event=event, status=str(status))


def look_after(draft: Draft) -> None:
    """To be on a list is no inquiry: nobody is told so, and no lead is woken; its score may be."""
    rescore(draft)
    if draft.lead.stage in (Stage.NEW, Stage.NURTURING):
        advance(draft)


def _newer(at: datetime, status: Attendance) -> tuple[datetime, int]:
    return at, RANK.index(status)
