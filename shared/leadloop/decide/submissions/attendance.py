"""Who is on the list of an event: who came or did not is not undone by a list of who was invited.

Of words that go equally far the latest stands.
"""

from datetime import datetime

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import rescore
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


def record_attendance(change_set: ChangeSet, submission: Submission) -> None:
    """Note how the person stands to the event of the submission's source, if that is of one."""
    event, status = change_set.book.source(submission.source).event, submission.attendance
    if event is None or status is None:
        return
    known = change_set.lead.attendance.get(event)
    if known is not None and _precedence(known.at, known.status) >= _precedence(
        submission.received_at, status
    ):
        return
    told = EventAttendance(status=status, at=submission.received_at)
    change_set.update_lead(attendance={**change_set.lead.attendance, event: told})
    if known is None or known.status is not status:
        change_set.record_event("AttendanceChanged", event=event, status=str(status))


def rescore_attendee(change_set: ChangeSet) -> None:
    """To be on a list is no inquiry: nobody is told so, and no lead is woken; its score may be."""
    rescore(change_set)
    if change_set.lead.stage in (Stage.NEW, Stage.NURTURING):
        qualify_or_nurture(change_set)


def _precedence(at: datetime, status: Attendance) -> tuple[int, datetime, int]:
    return STATUS_RANK[status], at, TIE_ORDER.index(status)
