"""Files in which more stands than one table: nothing of another one is read as the first."""

import csv
import io
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from leadloop.intake.tables.model import Row
from leadloop.intake.tables.open import open_table

HEAD = ["name", "mail", "phone", "town"]
OTHER = ["buyer", "won on", "price", "signed by"]
names = st.text("abcdefgh", min_size=3, max_size=9).map(str.title)
people = st.builds(
    lambda name, number: [name, f"{name.lower()}@l.example", f"+44 20 7946 {number}", "London"],
    names,
    st.integers(1000, 9999),
)
deals = st.builds(
    lambda name, number: [name, f"2026-03-{number % 28 + 1:02}", f"{number}.00", "Ida"],
    names,
    st.integers(1000, 9999),
)
several = st.lists(people, min_size=3, max_size=12)
gaps = st.integers(1, 3)


def rows_of(lines: Iterable[Iterable[str]], **style: object) -> list[Row]:
    out = io.StringIO()
    csv.writer(out, **style).writerows(lines)  # type: ignore[arg-type]
    return list(open_table([out.getvalue().encode()]).rows)


def sheet_rows(lines: Iterable[Iterable[str]]) -> list[Row]:
    book = Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append(list(line))
    out = io.BytesIO()
    book.save(out)
    return list(open_table([out.getvalue()]).rows)


def refused(rows: Iterable[Row]) -> list[int]:
    return [
        row.line for row in rows if {"another_table", "broken_line"} & {d.code for d in row.doubts}
    ]


@settings(max_examples=15, deadline=None)
@given(several, st.lists(deals, min_size=1, max_size=6), gaps, st.sampled_from([",", ";", "\t"]))
def test_a_table_below_a_title_is_refused_line_by_line(
    first: list[list[str]], second: list[list[str]], gap: int, delimiter: str
) -> None:
    blank = [[""] * 4] * gap
    lines = [HEAD, *first, *blank, ["Deals", "", "", ""], OTHER, *second]
    rows = rows_of(lines, delimiter=delimiter)
    title = len(first) + gap + 2
    assert [list(row.cells) for row in rows[: len(first)]] == first
    assert refused(rows) == list(range(title, title + len(second) + 2))
    assert f"begins at line {title}" in rows[-1].doubts[0].text


@settings(max_examples=15, deadline=None)
@given(several, several)
def test_a_file_pasted_below_another_one_is_refused_line_by_line(
    first: list[list[str]], second: list[list[str]]
) -> None:
    """Its header says the same in another hand: it is quoted, the first one is not."""
    plain, quoted = io.StringIO(), io.StringIO()
    csv.writer(plain).writerows([HEAD, *first])
    csv.writer(quoted, quoting=csv.QUOTE_ALL).writerows([HEAD, *second])
    rows = list(open_table([(plain.getvalue() + quoted.getvalue()).encode()]).rows)
    begins = len(first) + 2
    assert refused(rows) == list(range(begins + 1, begins + 1 + len(second)))


@settings(max_examples=15, deadline=None)
@given(st.lists(several, min_size=2, max_size=4))
def test_a_header_on_every_page_is_no_other_table(pages: list[list[list[str]]]) -> None:
    lines = [line for page in pages for line in [HEAD, *page]]
    every = [person for page in pages for person in page]
    for rows in (rows_of(lines), sheet_rows(lines)):
        assert [list(row.cells) for row in rows] == every
        assert refused(rows) == []


@settings(max_examples=15, deadline=None)
@given(several, several, gaps)
def test_a_title_among_people_begins_no_other_table(
    first: list[list[str]], second: list[list[str]], gap: int
) -> None:
    """It is a note, and no row; those below it are people as before."""
    lines = [HEAD, *first, *[[""] * 4] * gap, ["Office in Leeds", "", "", ""], *second]
    rows = rows_of(lines)
    assert refused(rows) == [len(first) + gap + 2]
    assert [list(row.cells) for row in rows if not row.doubts] == [*first, *second]


@settings(max_examples=15, deadline=None)
@given(several, st.lists(deals, min_size=1, max_size=6), gaps)
def test_another_table_on_the_same_sheet_is_refused_row_by_row(
    first: list[list[str]], second: list[list[str]], gap: int
) -> None:
    lines = [HEAD, *first, *[[]] * gap, ["Deals"], OTHER, *second]
    rows = sheet_rows(lines)
    assert [list(row.cells) for row in rows[: len(first)]] == first
    title = len(first) + gap + 2
    assert refused(rows) == list(range(title, title + len(second) + 2))


def test_a_sheet_with_its_columns_in_another_order_further_down_is_no_row_of_the_first() -> None:
    turned = ["phone", "name", "town", "mail"]
    ada = ["Ada", "ada@l.example", "+44 20 7946 0001", "London"]
    rows = sheet_rows([HEAD, ada, ada, turned, [ada[2], ada[0], ada[3], ada[1]]])
    assert refused(rows) == [5]


@pytest.mark.parametrize("left_over", [["", "", "", "restated"], ["", "", "in EUR", "restated"]])
def test_a_line_that_goes_on_with_the_header_is_refused_with_its_number(
    left_over: list[str],
) -> None:
    figures = [[f"Team {n}", "a few", f"{n}00", f"{n}11"] for n in range(1, 9)]
    lines = [["team", "what", "sum", "year before"], left_over, *figures]
    rows = rows_of(lines)
    assert refused(rows) == [2]
    assert [list(row.cells) for row in rows if not row.doubts] == figures


@settings(max_examples=15, deadline=None)
@given(several)
def test_notes_below_the_rows_take_no_row_with_them(first: list[list[str]]) -> None:
    lines = [
        HEAD,
        *first,
        [""] * 4,
        ["Source: our booth", "", "", ""],
        ["Not for sale", "", "", ""],
    ]
    rows = rows_of(lines)
    assert [list(row.cells) for row in rows[: len(first)]] == first
    assert len(rows) == len(first) + 2


def test_a_page_number_above_the_same_header_begins_no_other_table() -> None:
    page = [[name, f"{name}@l.example", "+44 20 7946 0001", "London"] for name in ("Ada", "Joan")]
    rows = rows_of([HEAD, *page, [], ["Page 2 of 2"], HEAD, *page])
    assert refused(rows) == [5]
    assert [list(row.cells) for row in rows if not row.doubts] == [*page, *page]


@pytest.mark.parametrize("kind", ["text", "VARCHAR(50)"])
def test_a_line_of_types_below_the_header_is_no_row(kind: str) -> None:
    ada = ["Ada", "ada@l.example", "+44 20 7946 0001", "London"]
    assert refused(rows_of([HEAD, [kind] * 4, *[ada] * 5])) == [2]


def test_a_row_that_slipped_by_a_column_is_in_doubt() -> None:
    """Its name stands where the others have their address."""
    ada = ["Ada", "ada@l.example", "+44 20 7946 0001", "London"]
    slipped = ["", "Grace", "grace@n.example", "+1 202 555 0101"]
    *good, row = rows_of([HEAD, *[ada] * 6, slipped])
    assert not any(each.doubts for each in good)
    assert [doubt.code for doubt in row.doubts] == ["shifted_line"]
    assert "line 8" in row.doubts[0].text


def test_a_note_with_an_address_is_no_row_that_slipped() -> None:
    ada = ["Ada", "ada@l.example", "+44 20 7946 0001", "London"]
    noted = ["Grace", "", "+1 202 555 0101", "write to grace@n.example"]
    assert not any(row.doubts for row in rows_of([HEAD, *[ada] * 6, noted]))


def test_what_fills_a_block_or_ends_a_file_is_no_row() -> None:
    data = b"name,mail\nAda,ada@l.example\n\x1a\0\0\0"
    assert [row.line for row in open_table([data]).rows] == [2]


@pytest.mark.parametrize(
    "total",
    [
        "Grand Totals (6 records)",
        "Summe Januar",
        "Sous-total",
        "Итого",
        "合計",
        "Razem: 6",
        "İ alt",
    ],
)
def test_a_row_that_sums_up_is_held_with_its_line_where_it_has_no_address(total: str) -> None:
    rows = [[f"Ida{n}", f"ida{n}@l.example", "+44 20 7946 1000", "London"] for n in range(6)]
    lines = [HEAD, *rows, [total, "", "", "6"]]
    text = "\n".join(";".join(cells) for cells in lines)
    found = list(open_table([text.encode()]).rows)
    assert [doubt.code for doubt in found[-1].doubts] == ["broken_line"]
    assert found[-1].line == 8
    assert not any(row.doubts for row in found[:-1])


def test_a_person_whose_name_begins_like_a_sum_is_a_row() -> None:
    rows = [[f"Ida{n}", f"ida{n}@l.example", "+44 20 7946 1000", "London"] for n in range(6)]
    lines = [HEAD, *rows, ["Summe GmbH", "post@summe.example", "", "Kiel"]]
    found = list(open_table(["\n".join(";".join(cells) for cells in lines).encode()]).rows)
    assert found[-1].doubts == ()
