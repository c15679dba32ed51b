"""Icons, arrows and tables of text are labels, too."""

import pytest

from leadloop.intake.formats.label_signs import read_label_signs


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("☎ +1 202 555 0142", "Phone: +1 202 555 0142"),
        ("✉️ ada@byron.example", "Email: ada@byron.example"),
        ("Name  ►  Ada Byron", "Name: Ada Byron"),
        ("Name :: Ada Byron", "Name: Ada Byron"),
        ("Message ::", "Message:"),
        ("☎ Phone: 202 555 0142", "☎ Phone: 202 555 0142"),
        ("We go -> north", "We go -> north"),
    ],
)
def test_a_sign_is_read_as_a_colon(line: str, expected: str) -> None:
    assert read_label_signs([line]) == [expected]


def test_labels_behind_a_quotation_mark_get_a_colon() -> None:
    lines = ["> Where", "  CB1 2AB", "> Phone", "  01223 555 014"]
    assert read_label_signs(lines) == ["Where:", "  CB1 2AB", "Phone:", "  01223 555 014"]


def test_a_quoted_mail_stays_quoted() -> None:
    lines = ["> Dear Ada", "> how are you", "Fine"]
    assert read_label_signs(lines) == lines


def test_each_row_of_a_text_table_becomes_lines() -> None:
    lines = ["Name        Phone", "----------  ------------", "Ada Byron   202 555 0142", ""]
    assert "\n".join(read_label_signs(lines)).split("\n") == [
        "Name: Ada Byron",
        "Phone: 202 555 0142",
        "",
        "",
        "",
        "",
    ]


def test_bars_make_a_table_as_well() -> None:
    lines = ["| Name | E-mail |", "|---|---|", "| Ada | ada@byron.example |"]
    text = "\n".join(read_label_signs(lines))
    assert text.startswith("Name: Ada\nE-mail: ada@byron.example")
