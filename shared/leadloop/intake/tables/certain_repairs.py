"""Repairs of a line for which few rows are enough: there is but one way to read it.

A person looks at such a row, as at any that was repaired.
"""

from collections.abc import Sequence

from leadloop.intake.tables.cell_shapes import is_data
from leadloop.intake.tables.records import Dialect


def split_quoted_line(text: str, dialect: Dialect, width: int) -> tuple[str, ...] | None:
    """The cells of a line that are all in quotes, with quotes inside that nobody doubled."""
    quote, line = dialect.quote, text.strip()
    if len(line) < 2 or line[0] != quote or line[-1] != quote:
        return None
    cells = line[1:-1].split(f"{quote}{dialect.delimiter}{quote}")
    return tuple(cells) if len(cells) == width else None


def join_rest(text: str, dialect: Dialect, width: int) -> tuple[str, ...] | None:
    """The cells of a line whose last one takes all that is left; None: too few, or quotes."""
    *first, last = text.split(dialect.delimiter, width - 1)
    if len(first) + 1 != width or dialect.quote in "".join(first):
        return None
    return (*(cell.strip() for cell in first), last.strip())


def join_last_cell(
    text: str, dialect: Dialect, width: int, good_rows: Sequence[Sequence[str]]
) -> tuple[str, ...] | None:
    """The cells of a line whose last one has delimiters in it; the others are as in good rows.

    The row must have an address where others have theirs: then nothing before it has slipped.
    """
    joined = join_rest(text, dialect, width)
    if joined is None:
        return None
    first = joined[:-1]
    columns = [
        [row[place].strip() for row in good_rows if row[place].strip()]
        for place in range(width - 1)
    ]
    has_address = any(
        "@" in cell and any("@" in each for each in column)
        for cell, column in zip(first, columns, strict=True)
    )
    fits = all(_is_like(cell, column) for cell, column in zip(first, columns, strict=True))
    return joined if has_address and fits else None


def _is_like(cell: str, column: Sequence[str]) -> bool:
    """Whether a cell holds data where all cells of its column do, and none where none does."""
    known = {is_data(each) for each in column}
    return not cell or len(known) != 1 or is_data(cell) in known
