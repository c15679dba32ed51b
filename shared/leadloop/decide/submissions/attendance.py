"""Who is on the list of an event: who came or did not is not undone by a list of who was invited.

Of words that go equally far the latest stands.
"""

from datetime import datetime

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.qualification import qualify_or_nurture, rescore
from leadloop.model.lead import EventAttendance
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Attendance, Submission

TIE_ORDER = tuple(Attendance)  # of two told at the same moment the later word counts
STATUS_RANK = {
    Attendance.INVITED: 0,
    Attendance.REGISTERED: 1,
    Attendance.NO_SHOW: 2,
    Attendance.ATTENDED: 2,
}


def record_attendance(draft: ChangeSet, submission: Submission) -> None:
    """Note how the person stands to the event of the submission's source, if that is of one."""
    event, status = draft.book.source(submission.source).event, submission.attendance
    if event is None or status is None:
        return
    known = draft.lead.attendance.get(event)
    if known is not None and _precedence(known.at, known.status) >= _precedence(
        submission.received_at, status
    ):
        return
    told = EventAttendance(status=status, at=submission.received_at)
    draft.update_lead(attendance={**draft.lead.attendance, event: told})
    if known is None or known.status is not status:
        draft.record_event("AttendanceChanged", event=event, status=str(status))


def rescore_attendee(draft: ChangeSet) -> None:
    """To be on a list is no inquiry: nobody is told so, and no lead is woken; its score may be."""
    rescore(draft)
    if draft.lead.stage in (Stage.NEW, Stage.NURTURING):
        qualify_or_nurture(draft)


def _precedence(at: datetime, status: Attendance) -> tuple[int, datetime, int]:
    return STATUS_RANK[status], at, TIE_ORDER.index(status)
