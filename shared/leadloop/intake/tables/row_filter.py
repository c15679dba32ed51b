"""Among the rows: the header again, another table below the first, a line that the header left.

A file in doubt is never guessed at: what stands below another table's header is refused row by row,
each with its line and with the line where that table begins.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from leadloop.intake.tables.header import (
    Cells,
    cell_texts,
    continues_header,
    is_repeated_header,
    is_unlike_rows,
)
from leadloop.intake.tables.records import TextRecord
from leadloop.model.base import Reason

FILLER = "\0\x1a\ufeff\u200b\u2060"
LEAST_ROWS = 5  # rows that show where addresses stand
MAIL_SHARE = 0.7  # of a column's cells
PAGE_NUMBER = re.compile(
    r"\W{0,3}(?:page|seite|blatt|página|pagina|strona|stránka|sida|side|sivu|oldal|sayfa)"
    r"\s{0,3}\d{1,5}(?:\s{0,2}[/\w]{1,4}\s{0,2}\d{1,5})?\W{0,3}"
)


class FilteredRecord(NamedTuple):
    """A record that says something, and why it may be no row of the first table."""

    record: TextRecord
    doubts: tuple[Reason, ...]


def filter_rows(
    found: Iterable[TextRecord], names: Sequence[str], head: Sequence[str], sample: Sequence[Cells]
) -> Iterator[FilteredRecord]:
    """Without blank lines and the same header again.

    `head` are the header's lines as they stand, `sample` the cells of rows below it.
    """
    other: int | None = None  # the line at which another table begins
    gap, first = False, True
    mails = _mail_places(sample)
    for record, after in _with_next(found):
        if record.cells is not None and not any(map(_visible_text, record.cells)):
            gap = True
            continue
        if record.cells and is_repeated_header(record.cells, names):
            other = other if _is_same_header(record, names, head) else record.line
        else:
            if (
                gap
                and _is_title(record)
                and after
                and _is_header_below(after.cells or (), names, sample)
            ):
                other = other if _is_page_break(record, after, names, head) else record.line
            doubts = _doubts(record, other, sample if first else (), mails)
            yield FilteredRecord(record, tuple(doubts))
            first = False
        gap = False


def _doubts(
    record: TextRecord, other: int | None, sample: Sequence[Cells], mails: frozenset[int]
) -> Iterator[Reason]:
    if other is not None:
        text = f"line {record.line}: another table begins at line {other}"
        yield Reason(code="another_table", text=text)
    elif _is_shifted(record.cells or (), mails):
        text = f"line {record.line}: its e-mail address stands in another column than the others'"
        yield Reason(code="shifted_line", text=text)
    elif continues_header(record.cells or (), sample) or is_unlike_rows(record.cells or (), sample):
        text = f"line {record.line}: goes on with the header, and is no row"
        yield Reason(code="broken_line", text=text)


def _visible_text(cell: str) -> str:
    """What is left without blanks, and without what fills a block or ends a file."""
    return cell.strip().strip(FILLER)


def _mail_places(sample: Sequence[Cells]) -> frozenset[int]:
    """Columns of which most cells hold an address."""
    seen, places = Counter[int](), Counter[int]()
    for cells in sample:
        for place, cell in enumerate(cells):
            seen[place] += bool(cell.strip())
            places[place] += "@" in cell
    known = len(sample) >= LEAST_ROWS
    return frozenset(p for p, n in places.items() if known and n and n >= MAIL_SHARE * seen[p])


def _is_shifted(cells: Cells, mails: frozenset[int]) -> bool:
    """Something else stands where all others have their address, and that stands elsewhere."""
    told = {place for place, cell in enumerate(cells) if "@" in cell}
    if not told or told & mails:
        return False
    return any(place < len(cells) and cells[place].strip() for place in mails)


def _is_page_break(
    title: TextRecord, after: TextRecord, names: Sequence[str], head: Sequence[str]
) -> bool:
    """Only a page's number, and the first header once more below it."""
    (text,) = cell_texts(title.cells or ()).values()
    return PAGE_NUMBER.fullmatch(text) is not None and _is_same_header(after, names, head)


def _with_next(found: Iterable[TextRecord]) -> Iterator[tuple[TextRecord, TextRecord | None]]:
    before: TextRecord | None = None
    for record in found:
        if before is not None:
            yield before, record
        before = record
    if before is not None:
        yield before, None


def _is_title(record: TextRecord) -> bool:
    return record.cells is not None and list(cell_texts(record.cells)) == [0]


def _is_header_below(cells: Cells, names: Sequence[str], sample: Sequence[Cells]) -> bool:
    """Does a line below a title name columns, rather than go on with the rows above?"""
    said = cell_texts(cells)
    if len(said) < 2 or len(set(said.values())) < len(said):
        return False
    shared = any(place < len(names) and names[place].casefold() == said[place] for place in said)
    return shared or max(said) >= len(names) or is_unlike_rows(cells, sample)


def _is_same_header(record: TextRecord, names: Sequence[str], head: Sequence[str]) -> bool:
    """The same words, quoted as before: who writes them in another way began another file."""
    words = list(cell_texts(record.cells or ()).values())
    return words == list(cell_texts(names).values()) and record.text in head
