"""What came in is found again by its hour, on the real table and its twin."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid
from leadloop.model.facts import Change
from leadloop.model.lead import Record, RecordRef, SubmissionOutcome
from leadloop.store import register
from leadloop.store.commit import commit
from leadloop.store.register import RegisterLine, RegisterSheet
from leadloop.store.table import Table
from tests.contracts.samples import NOW, build_full_lead, build_quarantined

HOUR = timedelta(hours=1)


def put(table: Table, *records: Record) -> None:
    register.put_records(table, records)


def ids(sheets: Iterable[RegisterSheet]) -> list[str]:
    return sorted(id_ for sheet in sheets for line in sheet.lines for id_ in line.ids)


def test_what_is_decided_together_is_one_sheet_by_source_outcome_parser_and_reasons(
    table: Table,
) -> None:
    lead = build_full_lead().but(parser="form/1", reasons=(Reason(code="matched", text="x"),))
    held = [build_quarantined(id_, lead.received_at).but(parser="adf/1") for id_ in ("a", "b")]
    put(table, lead, *held)
    (sheet,) = register.walk_sheets(table)
    assert sheet.hour <= lead.received_at < sheet.hour + HOUR
    lead_line, held_line = sorted(sheet.lines, key=lambda line: line.outcome)
    assert lead_line == RegisterLine(lead.source, SubmissionOutcome.LEAD, "form/1", (), (lead.id,))
    assert held_line.reasons == ("unreadable",)
    assert held_line.parser == "adf/1"
    assert held_line.ids == ("a", "b")


def test_what_is_told_again_cut_in_another_way_is_never_missing(table: Table) -> None:
    a, b, c, d = (build_quarantined(id_, NOW) for id_ in "abcd")
    put(table, a, b, c)
    put(table, a, b)
    put(table, c, d)
    assert ids(register.walk_sheets(table)) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (None, None, ["h0", "h1", "h2", "h3"]),
        (NOW + HOUR, None, ["h1", "h2", "h3"]),
        (None, NOW + HOUR, ["h0", "h1"]),
        (NOW + HOUR, NOW + 2 * HOUR, ["h1", "h2"]),
        (NOW + 9 * HOUR, None, []),
    ],
)
def test_a_period_is_found_by_the_hours_it_touches(
    table: Table, since: datetime | None, until: datetime | None, found: list[str]
) -> None:
    put(table, *(build_quarantined(f"h{n}", NOW + n * HOUR) for n in range(4)))
    assert ids(register.walk_sheets(table, since, until)) == found


def test_the_register_is_left_and_taken_up_again_at_any_sheet(table: Table) -> None:
    for n in range(40):
        put(table, build_quarantined(f"R{n:02}", NOW + n * HOUR / 7))
    whole = list(register.walk_sheets(table))
    assert ids(whole) == [f"R{n:02}" for n in range(40)]
    for n in (0, 7, 38):
        assert list(register.walk_sheets(table, after=whole[n].place)) == whole[n + 1 :]


def test_read_backwards_the_latest_comes_first_whatever_it_is_called(table: Table) -> None:
    for n in range(40):
        put(table, build_quarantined(f"R{n * 7 % 40:02}", NOW + n * HOUR / 7))
    latest = [sheet.lines[0].ids[0] for sheet in register.latest_sheets(table)]
    assert latest == [f"R{n * 7 % 40:02}" for n in reversed(range(40))]
    places = [sheet.place for sheet in register.latest_sheets(table)]
    assert [sheet.place for sheet in register.latest_sheets(table, places[9])] == places[9:]


@pytest.mark.parametrize("place", ["", "é", "UkVHSVNURVIjOTkgYQ==", "not base64"])
def test_a_made_up_place_is_refused(table: Table, place: str) -> None:
    with pytest.raises(FieldsInvalid):
        list(register.walk_sheets(table, after=place))


def test_the_records_of_a_sheet_are_read_as_they_are_now(table: Table) -> None:
    both = (build_full_lead(), build_quarantined("a", build_full_lead().received_at))
    commit(table, [Change(RecordRef(each.id), None, each) for each in both])
    put(table, *both, build_quarantined("gone", build_full_lead().received_at))
    (sheet,) = register.walk_sheets(table)
    assert {each.id for each in register.read_records(table, sheet)} == {build_full_lead().id, "a"}
