"""How somebody on the list of a fair, a webinar or a round of calls stands to it, in few words."""

from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid
from leadloop.model.submission import Attendance, Submission

FIELD = "attendance"
STATUS_WORDS = {
    Attendance.INVITED: "invited|invite sent|eingeladen|invité|invitada|invitado|zaproszony",
    Attendance.REGISTERED: "registered|signed up|yes|angemeldet|registriert|inscrit|zapisany",
    Attendance.NO_SHOW: "no show|absent|did not attend|missed|nicht erschienen|abwesend|nieobecny",
    Attendance.ATTENDED: "attended|present|showed up|teilgenommen|anwesend|erschienen|présent",
}
STATUS_BY_WORD = {
    word: status for status, words in STATUS_WORDS.items() for word in words.split("|")
}


def resolve_attendance(submission: Submission) -> Submission:
    """Who is on the list and of whom nothing is said has registered.

    Whom nobody can be asked about is in doubt where what is said is none of the four.

    Raises:
        FieldsInvalid: the same, of who was typed in and may be mended at once.

    """
    said = submission.fields.get(FIELD)
    if said is None:
        return submission.but(attendance=submission.attendance or Attendance.REGISTERED)
    status = STATUS_BY_WORD.get(_normalise_status(said))
    if status is None:
        wrong = Reason(code=FIELD, text=f"{FIELD}: one of {', '.join(Attendance)}")
        if submission.channel.reports_faults:
            raise FieldsInvalid((wrong,))
        return submission.but(unreadable=(*submission.unreadable, wrong))
    others = {name: text for name, text in submission.fields.items() if name != FIELD}
    return submission.but(attendance=status, fields=others)


def _normalise_status(said: str) -> str:
    return " ".join(said.casefold().replace("-", " ").replace("_", " ").split())
