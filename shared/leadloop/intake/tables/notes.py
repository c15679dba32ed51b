"""Rows of a list of people that are no people: notes, remarks of a program, counts and sums.

Such a row is refused with its line, and nothing of it is lost. The words are in
`phrases/total_rows.txt`.
"""

import re
from collections.abc import Sequence
from functools import cache

from leadloop.intake.tables.cell_shapes import cell_kind
from leadloop.intake.text.phrase_files import alternatives

FEWEST_COLUMNS = 3  # of a table in which one cell alone is a note
REMARK = re.compile(r"#\D")
# With a calling code or a leading zero: no amount, no day.
SURE_PHONE = re.compile(r"[+(0](?:[\s()\-–/]{0,3}\d){7,15}")
PHONE = re.compile(r"[+(0][\d\s().\-–/]{5,25}|\d[\d\s()\-–/]{5,25}")


def lists_people(sample: Sequence[Sequence[str]]) -> bool:
    """Whether some row has a mail address, or a number that can be nothing but a phone's."""
    cells = (cell.strip() for row in sample for cell in row)
    return any(
        cell_kind(cell) == "mail" or (SURE_PHONE.fullmatch(cell) and cell_kind(cell) != "date")
        for cell in cells
    )


def has_way_to_reach(cells: Sequence[str]) -> bool:
    """Whether a cell holds an address, or is a number by which somebody can be reached."""
    return any("@" in cell or PHONE.fullmatch(cell.strip()) for cell in cells)


def note_cause(cells: Sequence[str], width: int) -> str | None:
    """Why a row of a list of people is none; None if it may be one. `width` counts the columns."""
    texts = [text for cell in cells if (text := cell.strip())]
    if texts and REMARK.match(texts[0]) and len(cells) < width:
        return "a remark, and no row"
    if not texts or has_way_to_reach(cells):
        return None
    if len(texts) == 1 and width >= FEWEST_COLUMNS:
        return f"one cell alone, and the header names {width}"
    if _total_pattern().match(texts[0]):
        return "sums up rows, and names nobody"
    return None


@cache
def _total_pattern() -> re.Pattern[str]:
    """Matches a word for a sum at the beginning of a cell."""
    words = alternatives(__package__, "total_rows", "total")
    return re.compile(rf"{words}(?!\w)", re.IGNORECASE)
