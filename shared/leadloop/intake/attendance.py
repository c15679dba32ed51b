"""How somebody on the list of a fair, a webinar or a round of calls stands to it, in few words."""

from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid
from leadloop.model.submission import Attendance, Submission

FIELD = "attendance"
WORDS = {
    Attendance.INVITED: "invited|invite sent|eingeladen|invité|invitada|invitado|zaproszony",
    Attendance.REGISTERED: "registered|signed up|yes|angemeldet|registriert|inscrit|zapisany",
    Attendance.NO_SHOW: "no show|absent|did not attend|missed|nicht erschienen|abwesend|nieobecny",
    Attendance.ATTENDED: "attended|present|showed up|teilgenommen|anwesend|erschienen|présent",
}
KNOWN = {word: status for status, words in WORDS.items() for word in words.split("|")}


def attending(submission: Submission) -> Submission:
    """Who is on the list and of whom nothing is said has registered.

    Raises:
        FieldsInvalid: what is said is none of the four.

    """
    said = submission.fields.get(FIELD)
    status = Attendance.REGISTERED if said is None else KNOWN.get(_plain(said))
    if status is None:
        text = f"{FIELD}: one of {', '.join(Attendance)}"
        raise FieldsInvalid((Reason(code=FIELD, text=text),))
    others = {name: text for name, text in submission.fields.items() if name != FIELD}
    return submission.but(attendance=status, fields=others)


def _plain(said: str) -> str:
    return " ".join(said.casefold().replace("-", " ").replace("_", " ").split())
