"""Among the rows: the header again, another table below the first, a line that the header left.

A file in doubt is never guessed at: what stands below another table's header is refused row by row,
each with its line and with the line where that table begins.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from leadloop.intake.tables.head import Cells, goes_on, is_head_again, says_what, unlike
from leadloop.intake.tables.records import Record
from leadloop.model.base import Reason


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
    for record, after in _with_next(found):
        if record.cells is not None and not any(map(str.strip, record.cells)):
            gap = True
            continue
        if record.cells and is_head_again(record.cells, names):
            other = other if _is_same(record, names, head) else record.line
        else:
            if gap and _is_title(record) and after and _heads(after.cells or (), names, sample):
                other = record.line
            yield Told(record, tuple(_doubts(record, other, sample if first else ())))
            first = False
        gap = False


def _doubts(record: Record, other: int | None, sample: Sequence[Cells]) -> Iterator[Reason]:
    if other is not None:
        text = f"line {record.line}: another table begins at line {other}"
        yield Reason(code="another_table", text=text)
    elif goes_on(record.cells or (), sample):
        text = f"line {record.line}: goes on with the header, and is no row"
        yield Reason(code="broken_line", text=text)


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
