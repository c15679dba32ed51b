"""Rows that stand in other columns than their neighbours', other quotes, and what they cost."""

import contextlib
import random
import time

import pytest

from leadloop.intake.tables.model import Row
from leadloop.intake.tables.text_table import read_text_table
from leadloop.model.errors import Unreadable

MOST_SECONDS = 1.0  # of CPU for a file of 22 KB


def rows_of(text: str) -> list[Row]:
    return list(read_text_table([text.encode()]).rows)


HEADERS_TWICE = {
    "quoted the second time": 'Name;Mail;Ort\n"Name";"Mail";"Ort"\n',
    "quoted the first time": "'Name';'Mail';'Ort'\nName;Mail;Ort\n",
    "with blanks": "Name;Mail;Ort\nName ; Mail ; Ort\n",
}


@pytest.mark.parametrize("head", HEADERS_TWICE.values(), ids=HEADERS_TWICE.keys())
def test_a_header_that_is_repeated_right_below_begins_no_other_table(head: str) -> None:
    rows = rows_of(head + "".join(f"Eva {n};e{n}@lang.example;Kiel\n" for n in range(6)))
    assert [row.cells for row in rows if not row.doubts] == [
        (f"Eva {n}", f"e{n}@lang.example", "Kiel") for n in range(6)
    ]


QUOTED = {
    "apostrophes": "'l''eau, chaude'",
    "guillemets": "«l'eau, chaude»",
    "German marks": "„l'eau, chaude“",
    "straight quotes": '"l\'eau, chaude"',
    "backticks": "`l'eau, chaude`",
    "low and high marks": "‚l'eau, chaude‘",
    "single guillemets": "›l'eau, chaude‹",
    "Japanese brackets": "「l'eau, chaude」",
    "Japanese double brackets": "『l'eau, chaude』",
}


@pytest.mark.parametrize("note", QUOTED.values(), ids=QUOTED.keys())
def test_a_delimiter_inside_quotes_of_any_kind_parts_nothing(note: str) -> None:
    lines = "".join(f"Eva {n},e{n}@lang.example,{note}\n" for n in range(6))
    rows = rows_of(f"Nom,Courriel,Note\n{lines}")
    assert [row.cells for row in rows] == [
        (f"Eva {n}", f"e{n}@lang.example", "l'eau, chaude") for n in range(6)
    ]
    assert not any(row.doubts for row in rows)


def test_quotes_of_another_kind_that_hold_no_delimiter_are_the_persons_own() -> None:
    lines = "".join(f"高橋{n},e{n}@lang.example,「はい」\n" for n in range(6))
    assert [row.cells[2] for row in rows_of(f"名前,メール,備考\n{lines}")] == ["「はい」"] * 6


def test_a_note_with_a_delimiter_in_each_row_shifts_no_row() -> None:
    lines = "".join(f"Eva {n},e{n}@lang.example,gern, am {n}. Mai\n" for n in range(6))
    rows = rows_of(f"Name,Email,Note\n{lines}")
    for n, row in enumerate(rows):
        assert row.line == n + 2
        assert [doubt.code for doubt in row.doubts] == ["mended_line"]
        assert row.cells == (f"Eva {n}", f"e{n}@lang.example", f"gern, am {n}. Mai")


def test_where_no_label_is_right_after_a_shift_each_row_is_held_with_its_line() -> None:
    lines = "".join(f"e{n}@lang.example,Lang,Eva {n},gern\n" for n in range(6))
    rows = rows_of(f"Name,Email,Note\n{lines}")
    assert [row.line for row in rows if row.doubts] == [2, 3, 4, 5, 6, 7]
    named = "".join(f"{n},Eva {n},e{n}@lang.example,gern\n" for n in range(6))
    table = read_text_table([f"Name,Email,Note\n{named}".encode()])
    assert table.columns == ("column 1", "Name", "Email", "Note")


GOOD = [f"Eva {n};https://lang{n}.example/;2026-03-{n:02};{n},50 €;gut" for n in range(1, 10)]
SHIFTED = {
    "web address": "Eva;Lang;https://x.example/;2026-03-01;gut",
    "day": "Eva;https://x.example/;Kiel;2026-03-01;gut",
    "amount": "Eva;https://x.example/;2026-03-01;ja;7,50 €",
}


@pytest.mark.parametrize("line", SHIFTED.values(), ids=SHIFTED.keys())
def test_a_row_that_does_not_fit_its_columns_is_held_with_its_line(line: str) -> None:
    rows = rows_of("\n".join(["Name;Seite;Tag;Preis;Note", *GOOD, line]))
    assert [row.line for row in rows if row.doubts] == [11]
    assert rows[-1].doubts[0].text.startswith("line 11: ")


def test_a_table_whose_rows_have_no_usual_place_is_held_as_a_whole() -> None:
    lines = [
        f"Kiel;2026-03-{n:02};{'Rohr' if n % 2 else 'Rohr;lang'};https://a.example/{n};"
        for n in range(1, 20)
    ]
    rows = rows_of("\n".join(["ort;tag;ware;seite;note", *lines]))
    assert [row.line for row in rows if not row.doubts] == []


def test_two_columns_of_days_of_which_one_is_filled_are_no_shift() -> None:
    lines = [
        f"Eva {n};2026-03-{n:02};;offen" if n % 2 else f"Eva {n};;2026-03-{n:02};offen"
        for n in range(1, 20)
    ]
    assert not any(row.doubts for row in rows_of("\n".join(["Name;Zusage;Absage;Stand", *lines])))


@pytest.mark.parametrize("delimiter", [" ", ",", ";", "|"])
@pytest.mark.parametrize("parts", [20, 45, 75])
def test_a_file_whose_every_line_is_broken_costs_at_most_a_second(
    delimiter: str, parts: int
) -> None:
    draw = random.Random(parts)
    words = ["Rohr", "12", "a@b.example", "2026-03-01", '"Kiel', "x,y", "", "7.5", 'ja"', "https:"]
    good = [delimiter.join(["Rohr", "12", "2026-03-01", "Kiel", "ja", "x", "7", "b"])] * 20
    broken = list(good)
    while sum(map(len, broken)) < 22_000:
        broken.append(delimiter.join(draw.choice(words) for _ in range(parts)))
    text = "\n".join([delimiter.join("abcdefgh"), *broken])
    before = time.process_time()
    with contextlib.suppress(Unreadable):  # most rows have more cells than the header has names
        rows_of(text)
    assert time.process_time() - before <= MOST_SECONDS
