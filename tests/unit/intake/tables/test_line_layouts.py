"""Lists that were drawn, aligned or exported for other programs than a spreadsheet."""

import pytest

from leadloop.intake.tables.lines import CONTROL_LETTERS
from leadloop.intake.tables.model import Row
from leadloop.intake.tables.open import open_table

HEAD = ["name", "mail", "phone", "wish"]
PEOPLE = [
    ["Ada Byron", "ada@byron.example", "+44 20 7946 0001", "two pumps, soon"],
    ["Joan Clarke", "joan@clarke.example", "", "one valve"],
    ["Zoë Ångström", "zoe@aa.example", "+46 8 123 456 78", ""],
]
WIDTHS = [max(len(row[place]) for row in [HEAD, *PEOPLE]) for place in range(len(HEAD))]


def read(text: str | bytes) -> tuple[tuple[str, ...], list[Row]]:
    table = open_table([text.encode() if isinstance(text, str) else text])
    return table.columns, list(table.rows)


def assert_people(text: str | bytes) -> None:
    columns, rows = read(text)
    assert list(columns) == HEAD
    good = [[cell.strip() for cell in row.cells] for row in rows if not row.doubts]
    assert good == PEOPLE
    assert all("line" in doubt.text for row in rows for doubt in row.doubts)


def padded(row: list[str], sign: str = " | ") -> str:
    return sign.join(cell.ljust(width) for cell, width in zip(row, WIDTHS, strict=True))


RULE = "+".join("-" * (width + 2) for width in WIDTHS)


@pytest.mark.parametrize(
    "lines",
    [
        [padded(HEAD), RULE, *map(padded, PEOPLE), "(3 rows)", ""],
        [f"+{RULE}+", f"| {padded(HEAD)} |", f"+{RULE}+",
         *[f"| {padded(row)} |" for row in PEOPLE], f"+{RULE}+", "3 rows in set (0.00 sec)"],
        ["| " + " | ".join(HEAD) + " |", "|---|:--|--:|---|",
         *["| " + " | ".join(row) + " |" for row in PEOPLE]],
        [padded(row) + " |" for row in [HEAD, *PEOPLE]],
    ],
    ids=["psql", "mysql", "markdown", "a sign at the end"],
)  # fmt: skip
def test_lines_that_are_drawn_are_no_cells(lines: list[str]) -> None:
    assert_people("\n".join(lines))


@pytest.mark.parametrize("sign", ["||", "::", "~|~", ";;", "|#|"])
def test_several_signs_part_two_cells(sign: str) -> None:
    assert_people("\n".join(sign.join(row) for row in [HEAD, *PEOPLE]))


def test_blank_columns_are_no_longer_sign() -> None:
    columns, rows = read("a;;b;c\n1;;2;3\n4;;5;6\n")
    assert (len(columns), rows[0].cells) == (4, ("1", "", "2", "3"))


@pytest.mark.parametrize("title", [[], ["Leads of March", ""], ["Page 1", "Leads of March, all"]])
@pytest.mark.parametrize("rule", [[], ["   ".join("-" * width for width in WIDTHS)]])
def test_columns_of_one_width_are_cells(title: list[str], rule: list[str]) -> None:
    lines = [padded(row, "   ").rstrip() for row in [HEAD, *PEOPLE]]
    assert_people("\n".join([*title, lines[0], *rule, *lines[1:]]))


def test_a_line_that_crosses_the_gaps_is_refused_with_its_number() -> None:
    lines = [padded(row, "   ") for row in [HEAD, *PEOPLE * 4]]
    note = "who are met at the booth in Leeds, and who are to be called until the end of March"
    _, rows = read("\n".join([*lines, note]))
    assert [row.line for row in rows if row.doubts] == [len(lines) + 1]


def test_letters_that_were_encoded_twice_are_read() -> None:
    text = "\n".join(";".join(row) for row in [HEAD, *PEOPLE])
    once_more = text.encode().decode("latin-1")
    for letters in ({}, CONTROL_LETTERS):
        assert_people(once_more.translate(letters).encode())


def test_letters_that_only_look_so_stay() -> None:
    _, rows = read("name;town\nÃ‰lan;Köln\nZoë;Malmö\n")
    assert rows[1].cells == ("Zoë", "Malmö")


def test_blanks_between_a_quote_and_the_next_sign_are_no_text() -> None:
    text = "\n".join(" ; ".join(f'"{cell}"' for cell in row) for row in [HEAD, *PEOPLE])
    assert_people(text)


def test_a_nul_says_nothing() -> None:
    assert_people("\n".join(";".join(row) for row in [HEAD, *PEOPLE]).replace("Joan", "Jo\0an"))
