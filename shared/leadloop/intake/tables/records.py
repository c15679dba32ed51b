"""From lines to records: one a line, or several lines where a quoted cell goes on.

A quote that is never closed would swallow the rest of a file. So a record that does not come out
well goes back to its first line, which stands alone as malformed, and reading goes on behind it.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from leadloop.model.base import Model

MOST_LINES = 200  # in one record
MOST_CHARACTERS = 100_000
ESCAPED_SIGN = re.compile(r"\\(.)", re.DOTALL)  # the one escape that is tried


class Dialect(Model):
    """`quote` doubled inside a quoted cell stands for itself, or `escape` stands before it."""

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None


class TextRecord(NamedTuple):
    """`line` is the first one's number, from 1; `cells` is None where the quotes do not add up."""

    line: int
    text: str
    cells: tuple[str, ...] | None


class _LineBuffer:
    """Lines that can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._back = lines, deque[str]()
        self.number = 0

    def read_line(self) -> str | None:
        line = self._back.popleft() if self._back else next(self._lines, None)
        self.number += line is not None
        return line

    def push_back(self, lines: list[str]) -> None:
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)


def parse_records(
    lines: Iterator[str], dialect: Dialect, width: int | None
) -> Iterator[TextRecord]:
    """`width`: a record of several lines must have so many cells, or it is none."""
    ahead = _LineBuffer(lines)
    special = tuple(sign for sign in (dialect.quote, dialect.escape) if sign)
    while (line := ahead.read_line()) is not None:
        text = line.rstrip("\r\n")
        if not any(sign in text for sign in special):
            yield TextRecord(ahead.number, text, tuple(text.split(dialect.delimiter)))
            continue
        yield _read_quoted_record(line, ahead, dialect, width)


def _read_quoted_record(
    line: str, ahead: _LineBuffer, dialect: Dialect, width: int | None
) -> TextRecord:
    number, alone = ahead.number, TextRecord(ahead.number, line.rstrip("\r\n"), None)
    taken: list[str] = []
    while True:
        text = "".join((line, *taken)).rstrip("\r\n")
        cells, goes_on = _parse_cells(text, dialect)
        if cells is not None and (not taken or width is None or _has_width(cells, width)):
            return TextRecord(number, text, cells)
        too_much = len(taken) >= MOST_LINES or len(text) > MOST_CHARACTERS
        more = ahead.read_line() if goes_on and not too_much else None
        if more is None:
            ahead.push_back(taken)
            return alone
        taken.append(more)


def _parse_cells(text: str, dialect: Dialect) -> tuple[tuple[str, ...] | None, bool]:
    """The cells, or whether more lines might give some."""
    reader = csv.reader(
        [_double_plain_backslashes(text, dialect) if dialect.escape else text],
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar=dialect.escape,
        skipinitialspace=dialect.delimiter != " ",
        strict=True,
    )
    try:
        found = [cell for row in reader for cell in row]
    except csv.Error as error:
        return None, "unexpected end" in str(error)
    return tuple(found), False


def _double_plain_backslashes(text: str, dialect: Dialect) -> str:
    r"""A backslash before anything else stands for itself: `\N` of a database is no N."""
    signs = {dialect.quote, dialect.delimiter, "\\", "\n"}
    return ESCAPED_SIGN.sub(lambda found: found[0] if found[1] in signs else f"\\{found[0]}", text)


def _has_width(cells: tuple[str, ...], width: int) -> bool:
    """Beyond the columns there may be blanks."""
    return len(cells) == width or (len(cells) > width and not any(map(str.strip, cells[width:])))
