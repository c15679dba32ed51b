"""A file of rows, whatever program wrote it: its columns, then row after row with its line number.

Nothing is lost: every line below the header that says anything is a row. One that is in doubt says
why, and where it stands; its cells are then what was understood.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from leadloop.intake.tables.dialect import SAMPLE_LINES, detect_dialect
from leadloop.intake.tables.header import find_header, unique_names
from leadloop.intake.tables.lines import decode_lines, detect_charset
from leadloop.intake.tables.model import About, Row, RowTable
from leadloop.intake.tables.quotes import (
    has_curly_quotes,
    has_wrapped_lines,
    replace_curly_quotes,
    unwrap_lines,
)
from leadloop.intake.tables.records import Dialect, TextRecord, parse_records
from leadloop.intake.tables.repair import ColumnProfile, LineRepair, repair_line, unquote_cell
from leadloop.intake.tables.row_filter import FilteredRecord, filter_rows
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable

HEAD_BYTES = 256 * 1024  # what charset, dialect and header are found from
MOST_COLUMNS = 500
MOST_REPAIRS = 200  # lines of one file; a file with more is not worth guessing at
STRANGE_COST = 4.5  # what a cell costs that is like none in its column
REPAIR_MARGIN = 2.0  # a guess must be to stand against a line that has the right number of cells


def read_text_table(chunks: Iterable[bytes]) -> RowTable:
    """Of CSV, TSV and their kin, streamed: never more than a part is held.

    Raises:
        Unreadable: there are no rows in it, or header and rows do not fit, at a line it names.

    """
    stream = iter(chunks)
    head, parts = read_head(stream)
    charset = detect_charset(head)
    text = decode_lines(chain(parts, stream), charset)
    sample = list(islice(text, SAMPLE_LINES))
    if has_wrapped_lines(sample):
        sample, text = list(unwrap_lines(sample)), unwrap_lines(text)
    elif has_curly_quotes(sample):
        sample, text = list(replace_curly_quotes(sample)), replace_curly_quotes(text)
    dialect = detect_dialect(sample)
    found = list(parse_records(iter(sample), dialect, None))
    top = find_header([record.cells or () for record in found])
    if not top.names or len(top.names) > MOST_COLUMNS:
        raise Unreadable(f"no table of at most {MOST_COLUMNS} columns was found in the file")
    body = found[top.rows :]
    names, doubt = _fit_header(top.names, found[top.first : top.rows], body)
    first = body[0].line if body else len(sample) + 1
    every = parse_records(chain(sample, text), dialect, len(names))
    about = About(
        format="text",
        charset=charset,
        delimiter=dialect.delimiter,
        line=found[top.first].line if top.named else None,
        doubt=doubt,
    )
    reader = _RecordFitter(names, dialect, body)
    header = [record.text for record in found[top.first : top.rows]]
    below = (record for record in every if record.line >= first)
    said = filter_rows(below, names, header, [record.cells or () for record in body])
    return RowTable(about, names, map(reader.fit, said))


def read_head(stream: Iterator[bytes]) -> tuple[bytes, list[bytes]]:
    """The first bytes to look at, and the chunks that were taken for them."""
    taken, size = list[bytes](), 0
    for chunk in stream:
        taken.append(chunk)
        size += len(chunk)
        if size >= HEAD_BYTES:
            break
    return b"".join(taken)[:HEAD_BYTES], taken


def _fit_header(
    names: tuple[str, ...], head: Sequence[TextRecord], body: Sequence[TextRecord]
) -> tuple[tuple[str, ...], str | None]:
    """A name too few or too many would put every cell below a wrong one.

    Where each row has one cell more, its first is the row's own name, as statisticians write it; or
    a separator is missing in the header, so that a person must look at it.
    """
    widths = [len(_trim_blanks(record.cells, len(names))) for record in body if record.cells]
    blank = any(not cell.strip() for record in head for cell in (record.cells or ())[:-1])
    line = head[-1].line if head else 1
    if widths and not blank and set(widths) == {len(names) + 1}:
        return unique_names(["", *names]), (
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


class _RecordFitter:
    """Fits each record into the columns."""

    def __init__(
        self, columns: Sequence[str], dialect: Dialect, sample: Sequence[TextRecord]
    ) -> None:
        self._columns, self._dialect = columns, dialect
        width = len(columns)
        good = [
            _trim_blanks(r.cells, width) for r in sample if r.cells and any(map(str.strip, r.cells))
        ]
        good = [cells for cells in good if len(cells) == width]
        self._profile = ColumnProfile(good, width)
        costs = sorted(map(self._profile.row_cost, good))
        self._usual = costs[len(costs) * 19 // 20] if costs else 0.0
        self._guesses = 0

    def fit(self, line: FilteredRecord) -> Row:
        row = self._fit_record(line.record)
        return row._replace(doubts=(*line.doubts, *row.doubts)) if line.doubts else row

    def _fit_record(self, record: TextRecord) -> Row:
        width = len(self._columns)
        if record.cells is None:
            return self._repaired_row(record, "its quotes do not add up")
        if len(record.cells) == width:
            return self._keep_or_repair(record, record.cells)
        cells = _trim_blanks((*record.cells, *[""] * (width - len(record.cells))), width)
        if len(cells) == width and self._looks_usual(cells[: len(record.cells)]):
            return Row(record.line, cells)
        return self._repaired_row(
            record, f"{len(record.cells)} cells, and the header names {width}"
        )

    def _looks_usual(self, cells: tuple[str, ...]) -> bool:
        """Blanks at its end were left out, or are too many; all else is where it belongs."""
        costs = [self._profile.cell_cost(place, cell) for place, cell in enumerate(cells)]
        return not self._profile.is_reliable or (
            max(costs, default=0) < STRANGE_COST and sum(costs) <= self._usual + 1
        )

    def _keep_or_repair(self, record: TextRecord, cells: tuple[str, ...]) -> Row:
        """Unless a quote inside a cell tells of a separator that went missing."""
        quote = self._dialect.quote
        if any(cell.count(quote) % 2 for cell in cells):
            odd = sum(unquote_cell(cell, self._dialect)[1] for cell in cells)
            guess = self._find_repair(record)
            if guess and guess.cost + REPAIR_MARGIN < self._profile.row_cost(cells) + odd:
                return _doubtful_row(record, guess.cells, "a separator or quote is missing")
        return Row(record.line, cells)

    def _repaired_row(self, record: TextRecord, why: str) -> Row:
        guess = self._find_repair(record)
        return _doubtful_row(record, guess.cells if guess else None, why)

    def _find_repair(self, record: TextRecord) -> LineRepair | None:
        self._guesses += 1
        if self._guesses > MOST_REPAIRS:
            return None
        return repair_line(record.text, self._dialect, self._profile, self._usual)


def _doubtful_row(record: TextRecord, cells: tuple[str, ...] | None, why: str) -> Row:
    """Nothing that was not understood gets into a cell."""
    if cells is None:
        text = f"line {record.line}: {why}"
        return Row(record.line, (), (Reason(code="broken_line", text=text),))
    text = f"line {record.line}: {why}; it was read as its neighbours are"
    return Row(record.line, cells, (Reason(code="mended_line", text=text),))


def _trim_blanks(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Without blanks beyond the last column."""
    if len(cells) > width and not any(map(str.strip, cells[width:])):
        return cells[:width]
    return cells
