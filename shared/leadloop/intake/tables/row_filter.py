"""Among the rows: the header again, another table below the first, a line that the header left.

A file in doubt is never guessed at: what stands below another table's header is refused row by row,
each with its line and with the line where that table begins.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from leadloop.intake.tables.header import Cells, goes_on, is_head_again, says_what, unlike
from leadloop.intake.tables.records import Record
from leadloop.model.base import Reason

FILLING = "\0\x1a\ufeff\u200b\u2060"
LEAST = 5  # rows that show where addresses stand
MOSTLY = 0.7  # of a column's cells
PAGE = re.compile(
    r"\W{0,3}(?:page|seite|blatt|página|pagina|strona|stránka|sida|side|sivu|oldal|sayfa)"
    r"\s{0,3}\d{1,5}(?:\s{0,2}[/\w]{1,4}\s{0,2}\d{1,5})?\W{0,3}"
)


class Told(NamedTuple):
    """A record that says something, and why it may be no row of the first table."""

    record: Record
    doubts: tuple[Reason, ...]


def told(
    found: Iterable[Record], names: Sequence[str], head: Sequence[str], sample: Sequence[Cells]
) -> Iterator[Told]:
    """Without blank lines and the same header again.

    `head` are the header's lines as they stand, `sample` the cells of rows below it.
    """
    other: int | None = None  # the line at which another table begins
    gap, first = False, True
    mails = _mail_places(sample)
    for record, after in _with_next(found):
        if record.cells is not None and not any(map(_says, record.cells)):
            gap = True
            continue
        if record.cells and is_head_again(record.cells, names):
            other = other if _is_same(record, names, head) else record.line
        else:
            if gap and _is_title(record) and after and _heads(after.cells or (), names, sample):
                other = other if _is_page(record, after, names, head) else record.line
            doubts = _doubts(record, other, sample if first else (), mails)
            yield Told(record, tuple(doubts))
            first = False
        gap = False


def _doubts(
    record: Record, other: int | None, sample: Sequence[Cells], mails: frozenset[int]
) -> Iterator[Reason]:
    if other is not None:
        text = f"line {record.line}: another table begins at line {other}"
        yield Reason(code="another_table", text=text)
    elif _is_shifted(record.cells or (), mails):
        text = f"line {record.line}: its e-mail address stands in another column than the others'"
        yield Reason(code="shifted_line", text=text)
    elif goes_on(record.cells or (), sample) or unlike(record.cells or (), sample):
        text = f"line {record.line}: goes on with the header, and is no row"
        yield Reason(code="broken_line", text=text)


def _says(cell: str) -> str:
    """What is left without blanks, and without what fills a block or ends a file."""
    return cell.strip().strip(FILLING)


def _mail_places(sample: Sequence[Cells]) -> frozenset[int]:
    """Columns of which most cells hold an address."""
    seen, places = Counter[int](), Counter[int]()
    for cells in sample:
        for place, cell in enumerate(cells):
            seen[place] += bool(cell.strip())
            places[place] += "@" in cell
    known = len(sample) >= LEAST
    return frozenset(p for p, n in places.items() if known and n and n >= MOSTLY * seen[p])


def _is_shifted(cells: Cells, mails: frozenset[int]) -> bool:
    """Something else stands where all others have their address, and that stands elsewhere."""
    told = {place for place, cell in enumerate(cells) if "@" in cell}
    if not told or told & mails:
        return False
    return any(place < len(cells) and cells[place].strip() for place in mails)


def _is_page(title: Record, after: Record, names: Sequence[str], head: Sequence[str]) -> bool:
    """Only a page's number, and the first header once more below it."""
    (text,) = says_what(title.cells or ()).values()
    return PAGE.fullmatch(text) is not None and _is_same(after, names, head)


def _with_next(found: Iterable[Record]) -> Iterator[tuple[Record, Record | None]]:
    before: Record | None = None
    for record in found:
        if before is not None:
            yield before, record
        before = record
    if before is not None:
        yield before, None


def _is_title(record: Record) -> bool:
    return record.cells is not None and list(says_what(record.cells)) == [0]


def _heads(cells: Cells, names: Sequence[str], sample: Sequence[Cells]) -> bool:
    """Does a line below a title name columns, rather than go on with the rows above?"""
    said = says_what(cells)
    if len(said) < 2 or len(set(said.values())) < len(said):
        return False
    shared = any(place < len(names) and names[place].casefold() == said[place] for place in said)
    return shared or max(said) >= len(names) or unlike(cells, sample)


def _is_same(record: Record, names: Sequence[str], head: Sequence[str]) -> bool:
    """The same words, quoted as before: who writes them in another way began another file."""
    words = list(says_what(record.cells or ()).values())
    return words == list(says_what(names).values()) and record.text in head
