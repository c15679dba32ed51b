"""A file of rows, whatever program wrote it: its columns, then row after row with its line number.

Nothing is lost: every line below the header that says anything is a row. One that is in doubt says
why, and where it stands; its cells are then what was understood.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from leadloop.intake.tables.dialect import LOOKED_AT, dialect_of
from leadloop.intake.tables.header import head_of, unique
from leadloop.intake.tables.lines import charset_of, lines
from leadloop.intake.tables.model import About, Row, Table
from leadloop.intake.tables.quotes import are_curly, are_wrapped, straightened, unwrapped
from leadloop.intake.tables.records import Dialect, Record, records
from leadloop.intake.tables.repair import Guess, Profile, mended, unquoted
from leadloop.intake.tables.row_filter import Told, told
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable

HEAD_BYTES = 256 * 1024  # what charset, dialect and header are found from
MOST_COLUMNS = 500
MOST_MENDED = 200  # lines of one file; a file with more is not worth guessing at
STRANGE = 4.5  # what a cell costs that is like none in its column
MUCH_BETTER = 2.0  # a guess must be to stand against a line that has the right number of cells


def text_table(chunks: Iterable[bytes]) -> Table:
    """Of CSV, TSV and their kin, streamed: never more than a part is held.

    Raises:
        Unreadable: there are no rows in it, or header and rows do not fit, at a line it names.

    """
    stream = iter(chunks)
    head, parts = begun(stream)
    charset = charset_of(head)
    text = lines(chain(parts, stream), charset)
    sample = list(islice(text, LOOKED_AT))
    if are_wrapped(sample):
        sample, text = list(unwrapped(sample)), unwrapped(text)
    elif are_curly(sample):
        sample, text = list(straightened(sample)), straightened(text)
    dialect = dialect_of(sample)
    found = list(records(iter(sample), dialect, None))
    top = head_of([record.cells or () for record in found])
    if not top.names or len(top.names) > MOST_COLUMNS:
        raise Unreadable(f"no table of at most {MOST_COLUMNS} columns was found in the file")
    body = found[top.rows :]
    names, doubt = _checked(top.names, found[top.first : top.rows], body)
    first = body[0].line if body else len(sample) + 1
    every = records(chain(sample, text), dialect, len(names))
    about = About(
        format="text",
        charset=charset,
        delimiter=dialect.delimiter,
        line=found[top.first].line if top.named else None,
        doubt=doubt,
    )
    reader = _Reader(names, dialect, body)
    header = [record.text for record in found[top.first : top.rows]]
    below = (record for record in every if record.line >= first)
    said = told(below, names, header, [record.cells or () for record in body])
    return Table(about, names, map(reader.row, said))


def begun(stream: Iterator[bytes]) -> tuple[bytes, list[bytes]]:
    """The first bytes to look at, and the chunks that were taken for them."""
    taken, size = list[bytes](), 0
    for chunk in stream:
        taken.append(chunk)
        size += len(chunk)
        if size >= HEAD_BYTES:
            break
    return b"".join(taken)[:HEAD_BYTES], taken


def _checked(
    names: tuple[str, ...], head: Sequence[Record], body: Sequence[Record]
) -> tuple[tuple[str, ...], str | None]:
    """A name too few or too many would put every cell below a wrong one.

    Where each row has one cell more, its first is the row's own name, as statisticians write it; or
    a separator is missing in the header, so that a person must look at it.
    """
    widths = [len(_trimmed(record.cells, len(names))) for record in body if record.cells]
    blank = any(not cell.strip() for record in head for cell in (record.cells or ())[:-1])
    line = head[-1].line if head else 1
    if widths and not blank and set(widths) == {len(names) + 1}:
        return unique(["", *names]), (
            f"line {line}: the header names {len(names)} columns, the rows have one cell more; "
            f"the first is taken for the row's own name"
        )
    wider = sum(width > len(names) for width in widths)
    narrower = sum(width < len(names) for width in widths)
    if wider * 2 > len(widths) or (blank and narrower * 2 > len(widths)):
        raise Unreadable(
            f"line {line}: the header names {len(names)} columns, and most rows have another "
            f"number of cells"
        )
    return names, None


class _Reader:
    """Fits each record into the columns."""

    def __init__(self, columns: Sequence[str], dialect: Dialect, sample: Sequence[Record]) -> None:
        self._columns, self._dialect = columns, dialect
        width = len(columns)
        good = [
            _trimmed(r.cells, width) for r in sample if r.cells and any(map(str.strip, r.cells))
        ]
        good = [cells for cells in good if len(cells) == width]
        self._profile = Profile(good, width)
        costs = sorted(map(self._profile.total, good))
        self._usual = costs[len(costs) * 19 // 20] if costs else 0.0
        self._guesses = 0

    def row(self, line: Told) -> Row:
        row = self._row(line.record)
        return row._replace(doubts=(*line.doubts, *row.doubts)) if line.doubts else row

    def _row(self, record: Record) -> Row:
        width = len(self._columns)
        if record.cells is None:
            return self._guessed(record, "its quotes do not add up")
        if len(record.cells) == width:
            return self._as_it_stands(record, record.cells)
        cells = _trimmed((*record.cells, *[""] * (width - len(record.cells))), width)
        if len(cells) == width and self._looks_usual(cells[: len(record.cells)]):
            return Row(record.line, cells)
        return self._guessed(record, f"{len(record.cells)} cells, and the header names {width}")

    def _looks_usual(self, cells: tuple[str, ...]) -> bool:
        """Blanks at its end were left out, or are too many; all else is where it belongs."""
        costs = [self._profile.cost(place, cell) for place, cell in enumerate(cells)]
        return not self._profile.is_known or (
            max(costs, default=0) < STRANGE and sum(costs) <= self._usual + 1
        )

    def _as_it_stands(self, record: Record, cells: tuple[str, ...]) -> Row:
        """Unless a quote inside a cell tells of a separator that went missing."""
        quote = self._dialect.quote
        if any(cell.count(quote) % 2 for cell in cells):
            odd = sum(unquoted(cell, self._dialect)[1] for cell in cells)
            guess = self._guess(record)
            if guess and guess.cost + MUCH_BETTER < self._profile.total(cells) + odd:
                return _in_doubt(record, guess.cells, "a separator or quote is missing")
        return Row(record.line, cells)

    def _guessed(self, record: Record, why: str) -> Row:
        guess = self._guess(record)
        return _in_doubt(record, guess.cells if guess else None, why)

    def _guess(self, record: Record) -> Guess | None:
        self._guesses += 1
        if self._guesses > MOST_MENDED:
            return None
        return mended(record.text, self._dialect, self._profile, self._usual)


def _in_doubt(record: Record, cells: tuple[str, ...] | None, why: str) -> Row:
    """Nothing that was not understood gets into a cell."""
    if cells is None:
        text = f"line {record.line}: {why}"
        return Row(record.line, (), (Reason(code="broken_line", text=text),))
    text = f"line {record.line}: {why}; it was read as its neighbours are"
    return Row(record.line, cells, (Reason(code="mended_line", text=text),))


def _trimmed(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Without blanks beyond the last column."""
    if len(cells) > width and not any(map(str.strip, cells[width:])):
        return cells[:width]
    return cells
