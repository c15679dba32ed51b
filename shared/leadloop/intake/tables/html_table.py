"""The table of an HTML file, as programs export it under the name of a workbook."""

import re
from collections.abc import Iterator

from lxml import etree, html

from leadloop.model.errors import TooLarge, Unreadable

MOST_BYTES = 8_000_000
FEWEST = 2  # rows, and columns
MOST_SPAN = 100  # columns of one cell
BREAKS = frozenset({"br", "p", "div", "li"})
HTML_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)


def read_html_rows(data: bytes, charset: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of the file's largest table, with their numbers from 1; a wide cell fills columns.

    Raises:
        Unreadable: there is no table in the file, or more than one.
        TooLarge: more than `MOST_BYTES`.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(f"a table in HTML may have {MOST_BYTES:,} bytes; send CSV instead")
    text = data.decode(charset, errors="replace").replace("\0", "")
    root = etree.fromstring(
        text.encode("utf-8", "replace"), html.HTMLParser(encoding="utf-8", no_network=True)
    )
    tables = [] if root is None else list(root.iter("table"))
    inner = [each for each in tables if next(each.iterdescendants("table"), None) is None]
    largest = max(inner, key=lambda each: sum(1 for _ in each.iter("td", "th")), default=None)
    rows = [] if largest is None else list(map(_cells, largest.iter("tr")))
    if largest is None or len(rows) < FEWEST or max(map(len, rows)) < FEWEST:
        raise Unreadable("line 1: the file is HTML and holds no table: send CSV, XLSX or ODS")
    others = (table for table in tables if table is not largest)
    if any(_has_rows(table, largest) for table in others):
        raise Unreadable("line 1: the file holds more than one table: send each by itself")
    return iter(enumerate(rows, 1))


def _has_rows(table: etree._Element, largest: etree._Element) -> bool:
    """Whether a table has rows of its own beside the largest table, which may lie in it."""
    filled = [
        sum(
            1 for cell in row.iterchildren("td", "th") if largest not in cell.iter() and _text(cell)
        )
        for row in table.iter("tr")
        if next(row.iterancestors("table")) is table
    ]
    return sum(count >= FEWEST for count in filled) >= FEWEST


def _cells(row: etree._Element) -> tuple[str, ...]:
    cells: list[str] = []
    for cell in row.iter("td", "th"):
        span = cell.get("colspan") or ""
        width = min(int(span), MOST_SPAN) if span.isascii() and span.isdigit() else 1
        cells += [_text(cell), *[""] * (width - 1)]
    return tuple(cells)


def _text(cell: etree._Element) -> str:
    pieces = [_one_line(cell.text)]
    for node in cell.iterdescendants():
        if node.tag in BREAKS:
            pieces.append("\n")
        pieces += [_one_line(node.text if isinstance(node.tag, str) else ""), _one_line(node.tail)]
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(lines).strip()


def _one_line(text: str | None) -> str:
    return (text or "").replace("\r", " ").replace("\n", " ")
