"""People on the list of an event.

A list of invitations does not undo that a person came, or did not come. Of statuses that go
equally far the latest stands.
"""

from datetime import datetime

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import rescore
from leadloop.decide.submissions.case import SubmissionCase
from leadloop.model.events.leads import AttendanceChanged
from leadloop.model.lifecycle import Stage
from leadloop.model.person import EventAttendance
from leadloop.model.submission import Attendance

TIE_ORDER = tuple(Attendance)  # of two received at the same moment the later status counts
STATUS_RANK = {
    Attendance.INVITED: 0,
    Attendance.REGISTERED: 1,
    Attendance.NO_SHOW: 2,
    Attendance.ATTENDED: 2,
}


def record_attendance(change_set: ChangeSet, case: SubmissionCase) -> None:
    """Note the person's status at the event, if the submission's source belongs to one."""
    event, status = case.inquiry.source.event, case.submission.attendance
    if event is None or status is None:
        return
    attendance = EventAttendance(status=status, at=case.submission.received_at)
    known = change_set.person.attendance.get(event)
    if known is not None and _precedence(known) >= _precedence(attendance):
        return
    change_set.update_person(attendance={**change_set.person.attendance, event: attendance})
    if known is None or known.status is not status:
        change_set.record_event(AttendanceChanged(event=event, status=status))


def rescore_attendee(change_set: ChangeSet) -> None:
    """Score the lead again, and qualify it if that is enough.

    To be on a list is no inquiry: no rep is alerted, and no closed lead is reopened.
    """
    rescore(change_set)
    if change_set.lead.stage in (Stage.NEW, Stage.NURTURING):
        qualify_or_nurture(change_set)


def _precedence(attendance: EventAttendance) -> tuple[int, datetime, int]:
    return STATUS_RANK[attendance.status], attendance.at, TIE_ORDER.index(attendance.status)
