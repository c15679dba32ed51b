"""Where the rows begin: titles above the header, a header of several lines, or none at all."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from leadloop.intake.tables.cell_shapes import is_data

Cells = Sequence[str]
MOST_ABOVE = 60  # records that may stand above the rows
MOST_LEVELS = 4  # lines of a header
NAMED_SHARE = 0.6  # of the columns that a header names
ROWS_BELOW = 12  # lines that tell which columns are used
REPEAT_SHARE = 0.6  # of a row's words that are the header's
CONTENT_SAMPLE_ROWS = 200
DATA_SHARE = 0.7  # of a column's cells


class TableHeader(NamedTuple):
    """`names` of the columns, from records `first` to before `rows`; none are `column 3`."""

    names: tuple[str, ...]
    first: int
    rows: int
    named: bool = True


def find_header(records: Sequence[Cells]) -> TableHeader:
    """Of the first records of a file, blank ones included."""
    width = _width(records)
    if width == 0:
        return TableHeader((), 0, len(records), named=False)
    at = next((n for n in range(min(len(records), MOST_ABOVE)) if _is_header_line(records, n)), 0)
    if _is_data(records[at], records[at + 1 : at + CONTENT_SAMPLE_ROWS]):
        return TableHeader(unique_names([""] * width), at, at, named=False)
    first, rows = _header_span(records, at)
    names = [" ".join(name.split()) for name in _merge_levels(records[first:rows])]
    return TableHeader(unique_names(names), first, rows)


def is_repeated_header(cells: Cells, names: Cells) -> bool:
    """A second header among the rows, the same one or another."""
    words = [word for cell in cells if (word := cell.strip().casefold())]
    known = {name.casefold() for name in names}
    hits = sum(word in known for word in words)
    return hits >= 2 and hits >= REPEAT_SHARE * len(words)


def continues_header(cells: Cells, below: Sequence[Cells]) -> bool:
    """A line right below the header that only says more of some columns, as “restated” does?"""
    said = cell_texts(cells)
    return 0 not in said and bool(said) and all(_is_word_above(n, cells, below) for n in said)


def is_unlike_rows(cells: Cells, sample: Sequence[Cells]) -> bool:
    """Words wherever the rows hold data, and no data anywhere."""
    places = [place for place, cell in enumerate(cells) if cell.strip()]
    return not any(is_data(cells[place]) for place in places) and any(
        _is_word_above(place, cells, sample) for place in places
    )


def cell_texts(cells: Cells) -> dict[int, str]:
    """What stands in which place, whatever its case."""
    said = ((place, " ".join(cell.split()).casefold()) for place, cell in enumerate(cells))
    return {place: text for place, text in said if text}


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Every column can be told from the others; one without a name is called by its place."""
    seen: Counter[str] = Counter()
    made = []
    for place, name in enumerate(names, 1):
        plain = name or f"column {place}"
        seen[plain] += 1
        made.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return tuple(made)


def _width(records: Sequence[Cells]) -> int:
    """The most common width of what is no blank line and no title."""
    widths = Counter(len(cells) for cells in records if _count_nonblank(cells))
    wide = {width: count for width, count in widths.items() if width > 1}
    several = wide if sum(wide.values()) * 4 > sum(widths.values()) else widths
    return max(several.items(), key=lambda item: (item[1], item[0]))[0] if several else 0


def _is_header_line(records: Sequence[Cells], at: int) -> bool:
    """Does the line say something in most of the columns that those below it fill?"""
    below = [cells for cells in records[at + 1 : at + 1 + ROWS_BELOW] if _count_nonblank(cells)]
    width = max(map(len, (records[at], *below)))
    used = sum(
        any(len(cells) > place and cells[place].strip() for cells in below)
        for place in range(width)
    )
    return _count_nonblank(records[at]) >= max(min(2, used), round(NAMED_SHARE * used), 1)


def _count_nonblank(cells: Cells) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _is_data(cells: Cells, below: Sequence[Cells]) -> bool:
    """Does the first line look like those below it, rather than like their names?"""
    told = [
        is_data(cell)
        for place, cell in enumerate(cells)
        if cell.strip() and _holds_data([row for row in below if len(row) == len(cells)], place)
    ]
    return told.count(True) > told.count(False) or any(
        re.search(r"[^@\s]@[^@\s]{1,250}\.\w", cell) for cell in cells
    )


def _is_word_above(place: int, cells: Cells, below: Sequence[Cells]) -> bool:
    return not is_data(cells[place]) and _holds_data(below, place)


def _holds_data(rows: Sequence[Cells], place: int) -> bool:
    """Rather than words, of which a header might be one."""
    column = [row[place] for row in rows if len(row) > place and row[place].strip()]
    return bool(column) and sum(map(is_data, column)) / len(column) > DATA_SHARE


def _header_span(records: Sequence[Cells], at: int) -> tuple[int, int]:
    """From the first to behind the last line of the header.

    A line below goes on with it that fills its gaps with words; lines above belong to it when its
    own names repeat, as “X, Y, X, Y” below two groups do.
    """
    first, end = at, at + 1
    head = records[at]
    if end < len(records) and _fills_gaps(
        head, records[end], records[end + 1 : end + 1 + ROWS_BELOW]
    ):
        end += 1
    names = [cell.strip() for cell in head if cell.strip()]
    while (
        len(set(names)) < len(names)
        and first > 0
        and at - first < MOST_LEVELS
        and _count_nonblank(records[first - 1]) >= 2
    ):
        first -= 1
    return first, end


def _fills_gaps(head: Cells, below: Cells, rows: Sequence[Cells]) -> bool:
    """Only where the header has none, and with words; or all of them, with words above data."""
    gaps = [place for place, cell in enumerate(head) if not cell.strip()]
    filled = [place for place, cell in enumerate(below) if cell.strip()]
    new = [place for place in filled if place in gaps]
    if not new or len(below) != len(head) or any(is_data(below[place]) for place in filled):
        return False
    if new == gaps and not any(map(is_data, head)) and is_unlike_rows(below, rows):
        return True
    grouped = [place for place in filled if place not in gaps]
    return all(place + 1 in gaps for place in grouped)


def _merge_levels(levels: Sequence[Cells]) -> list[str]:
    """Names of one line from several: a group's name stands before those of its columns."""
    if len(levels) == 1:
        return list(levels[0])
    width = max(map(len, levels))
    rows = [[cell.strip() for cell in (*level, *[""] * (width - len(level)))] for level in levels]
    names = []
    for place in range(width):
        parts = []
        for depth, row in enumerate(rows):
            below = any(lower[place] for lower in rows[depth + 1 :])
            parts.append(row[place] or (_group_name(rows[: depth + 1], place) if below else ""))
        names.append(" ".join(filter(None, parts)))
    return names


def _group_name(rows: Sequence[Cells], place: int) -> str:
    """The name to the left on the lowest line, if no line above begins another group between."""
    *above, row = rows
    for left in range(place, -1, -1):
        if row[left]:
            return row[left]
        if any(upper[left] for upper in above):
            return ""
    return ""
