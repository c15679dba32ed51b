"""Finds the header of a table: below titles, of several lines, or missing."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from leadloop.intake.tables.cell_shapes import cell_kind, is_data
from leadloop.intake.text.phrase_files import alternatives

Cells = Sequence[str]
MOST_ABOVE = 60  # records that may be above the rows
MOST_LEVELS = 4  # of a header of several lines
LABELLED_SHARE = 0.6  # of the used columns, for which a header has a label
ROWS_BELOW = 12  # records that show which columns are used
REPEAT_SHARE = 0.6  # of a row's cells that are labels of the header
CONTENT_SAMPLE_ROWS = 200  # that show what a column holds
DATA_SHARE = 0.7  # of a column's cells, for a column of data


class TableHeader(NamedTuple):
    """The labels of the columns, each different; a column without one is `column 3`.

    The header is the records from `first` to before `end`, where the rows begin, counted from 0.
    Not `is_labelled`: the file has no header.
    """

    labels: tuple[str, ...]
    first: int
    end: int
    is_labelled: bool = True


def find_header(records: Sequence[Cells]) -> TableHeader:
    """The header among the first records of a file, which include blank ones."""
    width = _width(records)
    if width == 0:
        return TableHeader((), 0, len(records), is_labelled=False)
    at = next((n for n in range(min(len(records), MOST_ABOVE)) if _is_header_line(records, n)), 0)
    if _is_data(records[at], records[at + 1 : at + CONTENT_SAMPLE_ROWS]):
        return TableHeader(unique_labels([""] * width), at, at, is_labelled=False)
    first, end = _header_span(records, at)
    labels = [" ".join(label.split()) for label in _merge_levels(records[first:end])]
    return TableHeader(unique_labels(labels), first, end)


def is_repeated_header(cells: Cells, labels: Cells) -> bool:
    """Whether a row is a second header: the same again, or a similar one."""
    texts = [text for cell in cells if (text := cell.strip().casefold())]
    known_labels = {label.casefold() for label in labels}
    hits = sum(text in known_labels for text in texts)
    return hits >= 2 and hits >= REPEAT_SHARE * len(texts)


def continues_header(cells: Cells, below: Sequence[Cells]) -> bool:
    """Whether a record right below the header only adds words to some labels, as “restated” does.

    `below` are the rows after it.
    """
    texts = cell_texts(cells)
    return (
        0 not in texts
        and bool(texts)
        and all(_is_word_above(place, cells, below) for place in texts)
    )


def is_unlike_rows(cells: Cells, sample: Sequence[Cells]) -> bool:
    """Whether a record has words where the rows of the sample hold data, and has no data itself."""
    places = [place for place, cell in enumerate(cells) if cell.strip()]
    return not any(is_data(cells[place]) for place in places) and any(
        _is_word_above(place, cells, sample) for place in places
    )


def may_be_shifted(labels: Cells, rows: Sequence[Cells]) -> bool:
    """Whether rows of one cell more may all have a first cell of their own, before the labels'.

    Not if a label asks for mail addresses and they do not stand below it then.
    """
    places = [place for place, label in enumerate(labels) if _mail_label().search(label)]
    below = (row[place + 1] for place in places for row in rows if row[place + 1].strip())
    has_mails = any(cell_kind(cell.strip()) == "mail" for row in rows for cell in row)
    mails = [cell_kind(cell.strip()) == "mail" for cell in below]
    return not places or not has_mails or 2 * sum(mails) > len(mails)


@cache
def _mail_label() -> re.Pattern[str]:
    label = alternatives("leadloop.intake.tables", "mail_labels", "label")
    return re.compile(label, re.IGNORECASE)


def cell_texts(cells: Cells) -> dict[int, str]:
    """Place (from 0) → text in lower case, of the cells that are not blank."""
    texts = ((place, " ".join(cell.split()).casefold()) for place, cell in enumerate(cells))
    return {place: text for place, text in texts if text}


def unique_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels, each different: `phone`, `phone (2)`; an empty one becomes `column 3`."""
    counts: Counter[str] = Counter()
    unique = []
    for number, label in enumerate(labels, 1):
        plain = label or f"column {number}"
        counts[plain] += 1
        unique.append(plain if counts[plain] == 1 else f"{plain} ({counts[plain]})")
    return tuple(unique)


def _width(records: Sequence[Cells]) -> int:
    """The most common number of cells, without blank records and, if possible, titles."""
    widths = Counter(len(cells) for cells in records if _count_nonblank(cells))
    wide = {width: count for width, count in widths.items() if width > 1}
    several = wide if sum(wide.values()) * 4 > sum(widths.values()) else widths
    return max(several.items(), key=lambda item: (item[1], item[0]))[0] if several else 0


def _is_header_line(records: Sequence[Cells], at: int) -> bool:
    """Whether a record has a cell for most of the columns that the records below it use."""
    below = [cells for cells in records[at + 1 : at + 1 + ROWS_BELOW] if _count_nonblank(cells)]
    width = max(map(len, (records[at], *below)))
    used = sum(
        any(len(cells) > place and cells[place].strip() for cells in below)
        for place in range(width)
    )
    return _count_nonblank(records[at]) >= max(min(2, used), round(LABELLED_SHARE * used), 1)


def _count_nonblank(cells: Cells) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _is_data(cells: Cells, below: Sequence[Cells]) -> bool:
    """Whether a record looks like the rows below it, rather than like their labels."""
    looks_like_data = [
        is_data(cell)
        for place, cell in enumerate(cells)
        if cell.strip() and _holds_data([row for row in below if len(row) == len(cells)], place)
    ]
    return looks_like_data.count(True) > looks_like_data.count(False) or any(
        re.search(r"[^@\s]@[^@\s]{1,250}\.\w", cell) for cell in cells
    )


def _is_word_above(place: int, cells: Cells, below: Sequence[Cells]) -> bool:
    return not is_data(cells[place]) and _holds_data(below, place)


def _holds_data(rows: Sequence[Cells], place: int) -> bool:
    """Whether a column holds data, rather than words such as a label's."""
    column = [row[place] for row in rows if len(row) > place and row[place].strip()]
    return bool(column) and sum(map(is_data, column)) / len(column) > DATA_SHARE


def _header_span(records: Sequence[Cells], at: int) -> tuple[int, int]:
    """The first record of the header, and the first below it.

    A record below belongs to the header if it fills its gaps with words. Records above belong to
    it if its labels repeat, as “X, Y, X, Y” below the names of two groups.
    """
    first, end = at, at + 1
    header = records[at]
    if end < len(records) and _fills_gaps(
        header, records[end], records[end + 1 : end + 1 + ROWS_BELOW]
    ):
        end += 1
    labels = [cell.strip() for cell in header if cell.strip()]
    while (
        len(set(labels)) < len(labels)
        and first > 0
        and at - first < MOST_LEVELS
        and _count_nonblank(records[first - 1]) >= 2
    ):
        first -= 1
    return first, end


def _fills_gaps(header: Cells, below: Cells, rows: Sequence[Cells]) -> bool:
    """Whether the record below the header has the labels that the header lacks.

    Either it fills all gaps with words above data, or it has labels below a group's name.
    """
    gaps = [place for place, cell in enumerate(header) if not cell.strip()]
    nonblank = [place for place, cell in enumerate(below) if cell.strip()]
    fills = [place for place in nonblank if place in gaps]
    if not fills or len(below) != len(header) or any(is_data(below[place]) for place in nonblank):
        return False
    if fills == gaps and not any(map(is_data, header)) and is_unlike_rows(below, rows):
        return True
    below_labels = [place for place in nonblank if place not in gaps]
    return all(place + 1 in gaps for place in below_labels)


def _merge_levels(levels: Sequence[Cells]) -> list[str]:
    """One label for each column; the name of a group is put before the labels of its columns."""
    if len(levels) == 1:
        return list(levels[0])
    width = max(map(len, levels))
    rows = [[cell.strip() for cell in (*level, *[""] * (width - len(level)))] for level in levels]
    labels = []
    for place in range(width):
        parts = []
        for depth, row in enumerate(rows):
            has_label_below = any(lower[place] for lower in rows[depth + 1 :])
            group = _group_name(rows[: depth + 1], place) if has_label_below else ""
            parts.append(row[place] or group)
        labels.append(" ".join(filter(None, parts)))
    return labels


def _group_name(rows: Sequence[Cells], place: int) -> str:
    """The next name to the left in the last row, unless a row above begins another group before."""
    *above, row = rows
    for left in range(place, -1, -1):
        if row[left]:
            return row[left]
        if any(upper[left] for upper in above):
            return ""
    return ""
