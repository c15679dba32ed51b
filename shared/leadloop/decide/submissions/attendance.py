"""Who is on the list of an event: who came or did not is not undone by a list of who was invited.

Of words that go equally far the latest stands.
"""

from datetime import datetime

from leadloop.decide.lead.change_set import Draft
from leadloop.decide.lead.qualification import advance, rescore
from leadloop.model.lead import Attended
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Attendance, Submission

RANK = tuple(Attendance)  # of two told at the same moment the later word counts
FAR = {
    Attendance.INVITED: 0,
    Attendance.REGISTERED: 1,
    Attendance.NO_SHOW: 2,
    Attendance.ATTENDED: 2,
}


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


def _newer(at: datetime, status: Attendance) -> tuple[int, datetime, int]:
    return FAR[status], at, RANK.index(status)
