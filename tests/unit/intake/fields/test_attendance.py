import pytest

from leadloop.intake.fields.attendance import resolve_attendance
from leadloop.intake.text.phrase_files import load_phrases
from leadloop.model.errors import FieldsInvalid
from leadloop.model.submission import Attendance, Channel, Raw, Submission
from tests.contracts.samples import NOW

ENTRY = Submission(
    id="A" * 26, source="fair", channel=Channel.DESK, received_at=NOW, raw=Raw(sha256="", size=0)
)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Attended", Attendance.ATTENDED),
        ("NO-SHOW", Attendance.NO_SHOW),
        ("no_show", Attendance.NO_SHOW),
        (" angemeldet ", Attendance.REGISTERED),
        ("eingeladen", Attendance.INVITED),
        ("Nicht erschienen", Attendance.NO_SHOW),
    ],
)
def test_the_usual_words_are_known(said: str, status: Attendance) -> None:
    found = resolve_attendance(ENTRY.but(fields={"attendance": said, "hall": "7"}))
    assert found.attendance is status
    assert found.fields == {"hall": "7"}


def test_who_is_on_the_list_and_nothing_more_has_registered() -> None:
    assert resolve_attendance(ENTRY).attendance is Attendance.REGISTERED


def test_any_other_word_is_told_what_it_may_be() -> None:
    with pytest.raises(FieldsInvalid, match="invited, registered, no_show, attended"):
        resolve_attendance(ENTRY.but(fields={"attendance": "perhaps"}))


def test_no_word_means_two_things() -> None:
    groups = load_phrases("leadloop.intake.fields", "attendance")
    assert set(groups) == set(Attendance)
    words = [word for group in groups.values() for word in group]
    assert len(words) == len(set(words))
