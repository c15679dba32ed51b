"""Rows as an aligned table for a terminal."""

import unicodedata
from collections.abc import Sequence

WIDE = frozenset("WF")  # two cells: Chinese, Japanese, Korean
ZERO_WIDTH = frozenset({"Mn", "Me", "Cf"})  # drawn over the letter before, or not at all


def display_width(text: str) -> int:
    """The number of terminal cells that a text takes.

    Source: Unicode Standard Annex 11, East Asian Width.
    """
    return sum(
        0
        if unicodedata.category(letter) in ZERO_WIDTH
        else 1 + (unicodedata.east_asian_width(letter) in WIDE)
        for letter in text
    )


def format_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows in aligned columns, two blanks between them; a row may end early."""
    count = max(map(len, rows))
    widths = [
        max(display_width(row[column]) for row in rows if len(row) > column)
        for column in range(count)
    ]
    lines = (
        "  ".join(
            cell + " " * (width - display_width(cell))
            for cell, width in zip(row, widths, strict=False)
        ).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def printable(text: str) -> str:
    """The text on one line, without letters that would steer a terminal."""
    flat = " ".join(text.split())
    return "".join("\ufffd" if unicodedata.category(letter) == "Cc" else letter for letter in flat)
