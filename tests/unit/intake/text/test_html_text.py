import time

import pytest

from leadloop.intake.text.html_text import text_of_html


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Name: Ada<br>Phone: 1</p><p>x", "Name: Ada\nPhone: 1\n\nx"),
        ("<table><tr><td>Name:</td><td>Ada</td></tr></table>", "Name:\x1fAda"),
        ("<table><tr><th>a<td>b<td>c</table>", "a b c"),
        ("<style>a{}</style><script>x</script>b<!-- c -->d", "bd"),
        ("Salt &amp; Pepper&nbsp;&eacute;", "Salt & Pepper é"),
        ("<p>a\x1fb", "a b"),
        ("<table><tr><td>n<td>a\x1fb</table>", "n\x1fa b"),
        ("<td>Zażółć</td> สมชาย می‌خواهم", "Zażółć สมชาย می‌خواهم"),
        ("<p style='color:red; display: none'>Preview: Bob</p>Ada", "Ada"),
        ("<p><b>Name</b> Ada</p><div><span>Phone</span><span>1</span>", "Name\t Ada\nPhone\t1"),
        ("<p>It is <b>bold</b>er</p><b>Name</b><br>Ada", "It is bolder\nName\nAda"),
        ("", ""),
        ("\0\0", ""),
        ("<!-- only -->", ""),
    ],
)
def test_html_becomes_lines_and_rows(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


@pytest.mark.parametrize(
    "costly",
    [
        "<div>" * 200_000,
        "<table><tr><td>a<td>" * 50_000,
        "<tr><td>a</td><td>b</td></tr>" * 30_000,
        "<table>" + "<tr><td>a</td><td>b</td></tr>" * 30_000,
        "<" * 500_000,
        "<a " + "b=c " * 200_000,
        "&#x" * 300_000,
        "<!--" * 200_000,
    ],
)
def test_hostile_html_costs_little(costly: str) -> None:
    before = time.process_time()
    text_of_html(costly)
    assert time.process_time() - before < 5
