"""Finds what is no row among the rows: the header again, another table, the header's last line.

Nothing is guessed: each row below another table's header is in doubt, with its line and the line
where that table begins.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from leadloop.intake.tables.header import (
    Cells,
    cell_texts,
    continues_header,
    is_repeated_header,
    is_unlike_rows,
)
from leadloop.intake.tables.notes import lists_people, note_cause
from leadloop.intake.tables.records import TextRecord
from leadloop.intake.tables.shifted_rows import column_kinds, shift_doubt
from leadloop.intake.text.phrase_files import alternatives
from leadloop.model.base import Reason

FILLER = "\0\x1a\ufeff\u200b\u2060"
LEAST_ROWS = 5  # of a sample that shows which columns hold addresses
MAIL_SHARE = 0.7  # of a column's cells


class FilteredRecord(NamedTuple):
    """A record that is not blank, and why it may be no row of the first table."""

    record: TextRecord
    doubts: tuple[Reason, ...]


class _PeopleColumns(NamedTuple):
    """The columns of addresses, and whether the table tells how to reach people at all."""

    mail: frozenset[int]
    reach: bool


def filter_rows(
    records: Iterable[TextRecord],
    labels: Sequence[str],
    header_lines: Sequence[str],
    sample: Sequence[Cells],
) -> Iterator[FilteredRecord]:
    """The records below the header, without blank ones and without the same header again.

    `header_lines` are the header's lines as they are in the file, `sample` the cells of some rows.
    """
    other_table_line: int | None = None  # where another table begins
    is_after_blank, is_first = False, True
    people = _PeopleColumns(_mail_columns(sample), lists_people(sample))
    kinds = column_kinds(sample, len(labels))
    for record, following in _with_next(records):
        if record.cells is not None and not any(map(_visible_text, record.cells)):
            is_after_blank = True
            continue
        if record.cells and is_repeated_header(record.cells, labels):
            is_same = _is_same_header(record, labels, header_lines)
            if not is_same and not (is_first and _has_same_labels(record, labels)):
                other_table_line = record.line
        else:
            if (
                is_after_blank
                and _is_title(record)
                and following
                and _is_header_below(following.cells or (), labels, sample)
                and not _is_page_break(record, following, labels, header_lines)
            ):
                other_table_line = record.line
            doubts = tuple(
                _doubts(record, other_table_line, sample if is_first else (), labels, people)
            )
            shift = None if doubts else shift_doubt(record.line, record.cells or (), kinds)
            yield FilteredRecord(record, (*doubts, *([shift] if shift else [])))
            is_first = False
        is_after_blank = False


def _doubts(
    record: TextRecord,
    other_table_line: int | None,
    sample: Sequence[Cells],
    labels: Sequence[str],
    people: _PeopleColumns,
) -> Iterator[Reason]:
    if other_table_line is not None:
        text = f"line {record.line}: another table begins at line {other_table_line}"
        yield Reason(code="another_table", text=text)
    elif _is_shifted(record.cells or (), people.mail):
        text = f"line {record.line}: its e-mail address stands in another column than the others'"
        yield Reason(code="shifted_line", text=text)
    elif people.reach and (cause := note_cause(record.cells or (), len(labels))):
        yield Reason(code="broken_line", text=f"line {record.line}: {cause}")
    elif continues_header(record.cells or (), sample) or is_unlike_rows(record.cells or (), sample):
        text = f"line {record.line}: goes on with the header, and is no row"
        yield Reason(code="broken_line", text=text)


def _visible_text(cell: str) -> str:
    """A cell's text without blanks, and without signs that fill a block or end a file."""
    return cell.strip().strip(FILLER)


def _mail_columns(sample: Sequence[Cells]) -> frozenset[int]:
    """The places (from 0) of columns in which most cells hold an e-mail address."""
    if len(sample) < LEAST_ROWS:
        return frozenset()
    nonblank, mails = Counter[int](), Counter[int]()
    for cells in sample:
        for place, cell in enumerate(cells):
            nonblank[place] += bool(cell.strip())
            mails[place] += "@" in cell
    return frozenset(
        place for place, count in mails.items() if count and count >= MAIL_SHARE * nonblank[place]
    )


def _is_shifted(cells: Cells, mail_columns: frozenset[int]) -> bool:
    """Whether the address is in another column than the others', and something else in theirs."""
    mail_places = {place for place, cell in enumerate(cells) if "@" in cell}
    if not mail_places or mail_places & mail_columns:
        return False
    return any(place < len(cells) and cells[place].strip() for place in mail_columns)


def _is_page_break(
    title: TextRecord,
    following: TextRecord,
    labels: Sequence[str],
    header_lines: Sequence[str],
) -> bool:
    """Whether a title is only a page's number, with the same header again below it."""
    (text,) = cell_texts(title.cells or ()).values()
    is_page_number = _page_number().fullmatch(text) is not None
    return is_page_number and _is_same_header(following, labels, header_lines)


@cache
def _page_number() -> re.Pattern[str]:
    """“Page 3”, “Seite 3 / 7”, “- page 3 of 7 -”, in lower case."""
    page = alternatives("leadloop.intake.tables", "page_number", "page")
    return re.compile(
        rf"\W{{0,3}}{page}\s{{0,3}}\d{{1,5}}(?:\s{{0,2}}[/\w]{{1,4}}\s{{0,2}}\d{{1,5}})?\W{{0,3}}"
    )


def _with_next(records: Iterable[TextRecord]) -> Iterator[tuple[TextRecord, TextRecord | None]]:
    """Each record with the one after it."""
    previous: TextRecord | None = None
    for record in records:
        if previous is not None:
            yield previous, record
        previous = record
    if previous is not None:
        yield previous, None


def _is_title(record: TextRecord) -> bool:
    return record.cells is not None and list(cell_texts(record.cells)) == [0]


def _is_header_below(cells: Cells, labels: Sequence[str], sample: Sequence[Cells]) -> bool:
    """Whether a record below a title is a header, rather than one more row."""
    texts = cell_texts(cells)
    if len(texts) < 2 or len(set(texts.values())) < len(texts):
        return False
    has_label = any(
        place < len(labels) and labels[place].casefold() == text for place, text in texts.items()
    )
    return has_label or max(texts) >= len(labels) or is_unlike_rows(cells, sample)


def _is_same_header(record: TextRecord, labels: Sequence[str], header_lines: Sequence[str]) -> bool:
    """Whether a record is the header again, quoted as before; else another file begins there."""
    return _has_same_labels(record, labels) and record.text in header_lines


def _has_same_labels(record: TextRecord, labels: Sequence[str]) -> bool:
    texts = list(cell_texts(record.cells or ()).values())
    return texts == list(cell_texts(labels).values())
