"""Lines of a list of people that are no people: notes, counts, sums, remarks of a program."""

import pytest

from leadloop.intake.tables.open import open_table

HEAD = "name;mail;phone;town"
ADA = "Ada;ada@l.example;+44 20 7946 0001;London"
JOAN = "Joan;joan@l.example;;Leeds"


def refused_lines(lines: list[str]) -> list[int]:
    rows = list(open_table(["\n".join(lines).encode()]).rows)
    assert all(f"line {row.line}" in doubt.text for row in rows for doubt in row.doubts)
    return [row.line for row in rows if "broken_line" in {doubt.code for doubt in row.doubts}]


@pytest.mark.parametrize(
    "note",
    [
        "# agent 14 took over",
        "(2 rows)",
        "Records: 2;;;",
        "Copyright (c) 2026 portal.example. All rights reserved.",
        "# campaign=SPRING ; rows=2",
        ";;;exported by Ida",
        "Total;Count;2;",
        ";Total;2;",
        "Summe;;;13.450,00",
        "Gesamt: Konto; --; --;1.238,70",
        "合計;2件;;",
    ],
)
@pytest.mark.parametrize("gap", [[], ["", ""]])
def test_a_line_that_tells_of_nobody_is_refused_with_its_number(note: str, gap: list[str]) -> None:
    lines = [HEAD, ADA, JOAN, *gap, note]
    assert refused_lines(lines) == [len(lines)]
    assert refused_lines([*lines, ADA]) == [len(lines)]


@pytest.mark.parametrize(
    "row", ["Ida;;;Ulm", ";ida@l.example;;", ";;+1 202 555 0101;", "Total GmbH;post@t.example;;",
            "#12;ida@l.example;;Ulm"],
)  # fmt: skip
def test_somebody_of_whom_little_is_known_is_a_row(row: str) -> None:
    assert refused_lines([HEAD, ADA, row, JOAN]) == []


def test_a_list_of_no_addresses_may_have_rows_of_one_cell() -> None:
    assert refused_lines(["region;2024;2025", "North;;", "Leeds;1;2", "York;3;4"]) == []
