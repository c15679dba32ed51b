"""The whole person, and no doubt, in each way to lay fields out in HTML."""

from collections.abc import Callable

import pytest

from leadloop.intake.policy import MailSource
from tests.unit.intake.vendor_mails import PEOPLE, Pairs, each, mail, read_prospect, wanted, who


def four_columns(pairs: Pairs) -> str:
    rows = [pairs[0] + pairs[1], pairs[2] + pairs[3]]
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def header_row(pairs: Pairs) -> str:
    head, row = ("".join(f"<td>{pair[n]}</td>" for pair in pairs) for n in (0, 1))
    return f"<table><tr>{head}</tr><tr>{row}</tr></table>"


LAYOUTS: dict[str, Callable[[Pairs], str]] = {
    "two columns": each("<table><tr><td>{}</td><td>{}</td></tr></table>"),
    "nested tables": lambda p: (
        "<table><tr><td><table><tr><td>Logo</td></tr></table></td></tr><tr><td><table>"
        + each("<tr><td><b>{}:</b></td><td><p>{}</p></td></tr>")(p)
        + "</table></td></tr></table>"
    ),
    "a definition list": lambda p: f"<dl>{each('<dt>{}</dt><dd>{}</dd>')(p)}</dl>",
    "bold above": each("<strong>{}</strong><br>{}<br>"),
    "bullets": lambda p: f"<ul>{each('<li><b>{}</b>: {}</li>')(p)}</ul>",
    "four columns": four_columns,
    "a row of labels": header_row,
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", PEOPLE)
def test_the_whole_person_is_found(drop: MailSource, language: str, layout: str) -> None:
    labels, values = PEOPLE[language]
    prospect = read_prospect(
        drop, mail(LAYOUTS[layout](list(zip(labels, values, strict=True))), "html")
    )
    assert who(prospect) == wanted(values)
    assert prospect.doubts == ()
