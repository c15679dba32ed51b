"""Whether a person on the list of a fair or a webinar was invited, registered, attended or not."""

from collections.abc import Mapping
from functools import cache

from leadloop.intake.text.phrase_files import load_phrases
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid
from leadloop.model.submission import Attendance, Submission

FIELD = "attendance"


def resolve_attendance(submission: Submission) -> Submission:
    """The submission with its attendance; without the field a person counts as registered.

    An unknown status makes the submission unreadable where no sender waits for an answer.

    Raises:
        FieldsInvalid: an unknown status, where the sender waits and can mend it.

    """
    text = submission.fields.get(FIELD)
    if text is None:
        return submission.but(attendance=submission.attendance or Attendance.REGISTERED)
    status = _status_by_phrase().get(_normalise_status(text))
    if status is None:
        wrong = Reason(code=FIELD, text=f"{FIELD}: one of {', '.join(Attendance)}")
        if submission.channel.reports_faults:
            raise FieldsInvalid((wrong,))
        return submission.but(unreadable=(*submission.unreadable, wrong))
    others = {name: text for name, text in submission.fields.items() if name != FIELD}
    return submission.but(attendance=status, fields=others)


@cache
def _status_by_phrase() -> Mapping[str, Attendance]:
    groups = load_phrases("leadloop.intake.fields", "attendance")
    return {phrase: Attendance(group) for group, words in groups.items() for phrase in words}


def _normalise_status(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
