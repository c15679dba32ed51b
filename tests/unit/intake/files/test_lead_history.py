from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadloop.intake.files.lead_history import MOST_NOTES, SINCE, STAGE, add_history, history_values
from leadloop.intake.policy import FileSource
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Channel, LeadHistory, Raw, Submission

HERE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOURCE = FileSource(
    id="old", kind="file", quiet=True, product_line="p", country="DE", language="de"
)
ROW = Submission(
    id="s", source="old", channel=Channel.FILE, received_at=HERE, raw=Raw(sha256="0", size=0)
)


def past(source: FileSource = SOURCE, **said: str) -> LeadHistory:
    """What is read where nothing is in doubt."""
    read = add_history(
        ROW, history_values({f"fields.{name}": text for name, text in said.items()}), source
    )
    assert read.unreadable == ()
    assert read.past is not None
    return read.past


def doubts(source: FileSource = SOURCE, **said: str) -> list[str]:
    read = add_history(
        ROW, history_values({f"fields.{name}": text for name, text in said.items()}), source
    )
    return [reason.code for reason in read.unreadable]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2021-03-14", datetime(2021, 3, 14, tzinfo=UTC)),
        ("2021-03-14 09:30:00", datetime(2021, 3, 14, 9, 30, tzinfo=UTC)),
        ("2021-03-14T09:30:00+02:00", datetime(2021, 3, 14, 7, 30, tzinfo=UTC)),
        ("14.3.2021 9:30", datetime(2021, 3, 14, 9, 30, tzinfo=UTC)),
        ("14/03/2021", datetime(2021, 3, 14, tzinfo=UTC)),
        ("03/14/2021", datetime(2021, 3, 14, tzinfo=UTC)),
        ("03/03/2021", datetime(2021, 3, 3, tzinfo=UTC)),
    ],
)
def test_a_day_is_read_as_it_is_usually_written(said: str, at: datetime) -> None:
    assert past(since=said).since == at


@pytest.mark.parametrize(
    "said",
    ["03/04/2021", "last spring", "31.02.2021", "2021", "2027-01-01", "14.03.21", "1.1.0001 25:00"],
)
def test_a_day_that_could_be_another_or_none_is_left_to_a_person(said: str) -> None:
    assert doubts(since=said) == ["since"]


def test_what_stands_first_where_there_are_slashes_is_told_by_the_source() -> None:
    assert past(SOURCE.but(dates="day"), since="03/04/2021").since.month == 4
    assert past(SOURCE.but(dates="month"), since="03/04/2021").since.month == 3


def test_a_stage_is_one_of_the_sources_words_or_of_ours_and_none_is_new() -> None:
    words = SOURCE.but(stages={"Angebot": Stage.CONVERTED})
    assert past(words, stage="ANGEBOT").stage is Stage.CONVERTED
    assert past(words, stage="nurturing").stage is Stage.NURTURING
    assert past(words).stage is Stage.NEW
    assert doubts(words, stage="Angebt") == ["stage"]


def test_an_owner_goes_by_the_sources_own_name() -> None:
    assert past(SOURCE.but(owners={"JB": "jonas"}), owner="JB").owner == "jonas"
    assert past(owner="Jonas Brandt").owner == "Jonas Brandt"
    assert past().owner is None


def test_each_line_that_begins_with_a_day_is_a_note_of_its_own() -> None:
    found = past(
        history="before all\n2021-03-14: called\nno answer\n15.03.2021 10:00 – wrote"
    ).history
    assert [(note.at.day, note.text) for note in found] == [
        (2, "before all"),
        (14, "called\nno answer"),
        (15, "wrote"),
    ]


@given(st.text(), st.text(), st.lists(st.text(max_size=20), max_size=30))
def test_whatever_is_told_nothing_breaks_and_no_note_is_lost(
    since: str, stage: str, lines: list[str]
) -> None:
    values = {SINCE: since, STAGE: stage, "fields.history": "\n".join(lines)}
    read = add_history(ROW, history_values(values), SOURCE)
    assert read.past is not None
    assert read.past.since <= HERE
    assert len(read.past.history) <= MOST_NOTES
    kept = "".join(note.text for note in read.past.history)
    assert all(set("".join(line.split())) <= set(kept) for line in lines if not line[:1].isdigit())


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2026, 1, 1)),  # noqa: DTZ001  the zone comes after
    st.integers(-12, 12),
)
@example(datetime(1972, 2, 29), 0)  # noqa: DTZ001  the same
def test_an_iso_moment_is_itself(at: datetime, hours: int) -> None:
    moment = at.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    assert past(since=moment.isoformat()).since == moment
