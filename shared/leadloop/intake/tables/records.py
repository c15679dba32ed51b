"""Lines become records: one line each, or several if a quoted cell contains line breaks.

A quote without an end would swallow the rest of a file. So if a record of several lines cannot be
parsed, only its first line is malformed, and parsing continues at the second line.

Source: RFC 4180, with any delimiter and quote, and with backslash escapes.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from leadloop.model.base import Model

MOST_LINES = 200  # of one record
MOST_CHARACTERS = 100_000  # of one record
ESCAPED_SIGN = re.compile(r"\\(.)", re.DOTALL)  # a backslash is the only escape that is tried


class Dialect(Model):
    """How a text file is written. A quote in a quoted cell is doubled, or `escape` is before it."""

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None


class TextRecord(NamedTuple):
    """One record. `line` is the number of its first line, from 1. No `cells`: it is malformed."""

    line: int
    text: str
    cells: tuple[str, ...] | None


class _LineBuffer:
    """The lines of a file; lines that were read can be put back."""

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
    """The records of a file.

    `width` is the number of columns, if it is known: a record of several lines must have as many
    cells.
    """
    buffer = _LineBuffer(lines)
    special = tuple(sign for sign in (dialect.quote, dialect.escape) if sign)
    while (line := buffer.read_line()) is not None:
        text = line.rstrip("\r\n")
        if not any(sign in text for sign in special):
            yield TextRecord(buffer.number, text, tuple(text.split(dialect.delimiter)))
            continue
        yield _read_quoted_record(line, buffer, dialect, width)


def _read_quoted_record(
    line: str, buffer: _LineBuffer, dialect: Dialect, width: int | None
) -> TextRecord:
    number = buffer.number
    malformed = TextRecord(number, line.rstrip("\r\n"), None)
    more_lines: list[str] = []
    while True:
        text = "".join((line, *more_lines)).rstrip("\r\n")
        cells, is_incomplete = _parse_cells(text, dialect)
        if cells is not None and (not more_lines or width is None or _has_width(cells, width)):
            return TextRecord(number, text, cells)
        is_too_long = len(more_lines) >= MOST_LINES or len(text) > MOST_CHARACTERS
        next_line = buffer.read_line() if is_incomplete and not is_too_long else None
        if next_line is None:
            buffer.push_back(more_lines)
            return malformed
        more_lines.append(next_line)


def _parse_cells(text: str, dialect: Dialect) -> tuple[tuple[str, ...] | None, bool]:
    """The cells, or None; then the second value says whether more lines could complete them."""
    cells, is_incomplete = _parse_strictly(text, dialect)
    if cells is None and not is_incomplete:
        return _parse_strictly(_drop_blanks_after_quotes(text, dialect), dialect)
    return cells, is_incomplete


def _drop_blanks_after_quotes(text: str, dialect: Dialect) -> str:
    """The text without blanks between the end of a quoted cell and the next delimiter."""
    quote, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    blank = rf"(?:^|{delimiter}) {{0,9}}{quote}{quote}"
    return re.sub(rf"({blank}|(?<!{quote}){quote}) {{1,9}}(?={delimiter})", r"\1", text)


def _parse_strictly(text: str, dialect: Dialect) -> tuple[tuple[str, ...] | None, bool]:
    reader = csv.reader(
        [_double_plain_backslashes(text, dialect) if dialect.escape else text],
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar=dialect.escape,
        skipinitialspace=dialect.delimiter != " ",
        strict=True,
    )
    try:
        cells = [cell for row in reader for cell in row]
    except csv.Error as error:
        return None, "unexpected end" in str(error)
    return tuple(cells), False


def _double_plain_backslashes(text: str, dialect: Dialect) -> str:
    r"""The text with a backslash doubled unless it escapes: a database's `\N` must not become N."""
    signs = {dialect.quote, dialect.delimiter, "\\", "\n"}
    return ESCAPED_SIGN.sub(lambda match: match[0] if match[1] in signs else f"\\{match[0]}", text)


def _has_width(cells: tuple[str, ...], width: int) -> bool:
    """Whether there is a cell for each column; blank cells beyond them do not count."""
    return len(cells) == width or (len(cells) > width and not any(map(str.strip, cells[width:])))
