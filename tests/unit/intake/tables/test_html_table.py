"""A table in HTML, as programs export it under the name of a workbook."""

import pytest

from leadloop.intake.tables.open import open_table
from leadloop.model.errors import Unreadable

HEAD = '<html xmlns:x="urn:x"><head><meta charset="utf-8"></head><body>'
ROWS = (
    "<table><tr><th>Name</th><th>E-mail</th><th>Message</th></tr>"
    "<tr><td>Mia Holt</td><td><a href='mailto:mia@holt.example'>mia@holt.example</a></td>"
    "<td>A door &amp; a\nwindow.<br>Call me.</td></tr>"
    "<tr><td colspan=2>Ola Berg</td><td>Hei</td></tr></table>"
)


def test_the_rows_of_a_table_in_html() -> None:
    table = open_table([f"{HEAD}{ROWS}</body></html>".encode()])
    assert table.columns == ("Name", "E-mail", "Message")
    assert [row.cells for row in table.rows] == [
        ("Mia Holt", "mia@holt.example", "A door & a window.\nCall me."),
        ("Ola Berg", "", "Hei"),
    ]
    assert (table.about.format, table.about.line) == ("html", 1)


def test_the_largest_of_several_tables() -> None:
    table = open_table([f"{HEAD}<table><tr><td>Report</td></tr></table>{ROWS}".encode()])
    assert table.columns == ("Name", "E-mail", "Message")


@pytest.mark.parametrize(
    "other",
    [
        "<table><tr><td>Name</td><td>Note</td></tr><tr><td>Ann</td><td>A pump</td></tr></table>",
        "<table><tr><td>Ann</td><td>Hi</td></tr><tr><td>Bo<table></table></td><td>Yo</td></tr></table>",
    ],
)
def test_a_second_table_of_rows_is_never_left_out_in_silence(other: str) -> None:
    with pytest.raises(Unreadable, match="more than one table"):
        open_table([f"{HEAD}{ROWS}{other}".encode()])


def test_html_without_a_table_is_refused() -> None:
    with pytest.raises(Unreadable, match="no table"):
        open_table([b"<html><body><p>Please log in.</p></body></html>"])
