"""Reads a text file of rows: CSV, TSV and their kin, of any program.

Nothing is lost: every line below the header that is not blank is a row. A row in doubt has its line
number and its reasons; its cells are what could be read.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from leadloop.intake.tables.certain_repairs import join_last_cell, join_rest, split_quoted_line
from leadloop.intake.tables.dialect import SAMPLE_LINES, detect_dialect
from leadloop.intake.tables.header import find_header, may_be_shifted, unique_labels
from leadloop.intake.tables.line_layouts import find_layout
from leadloop.intake.tables.lines import (
    are_encoded_twice,
    decode_again,
    decode_lines,
    detect_charset,
)
from leadloop.intake.tables.model import About, Row, RowTable
from leadloop.intake.tables.records import Dialect, TextRecord, parse_records
from leadloop.intake.tables.repair import (
    MOST_EXTRA_COST,
    ColumnProfile,
    LineRepair,
    SearchBudget,
    repair_line,
    unquote_cell,
)
from leadloop.intake.tables.row_filter import FilteredRecord, filter_rows
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable

HEAD_BYTES = 256 * 1024  # of a file's start, from which charset, dialect and header are found
MOST_COLUMNS = 500
MOST_REPAIRS = 200  # lines of one file; repairing more would cost too much time
STRANGE_COST = 4.5  # of a cell that is like no other in its column
# By how much a repair must cost less than a line that already has the right number of cells.
REPAIR_MARGIN = 2.0


def read_text_table(chunks: Iterable[bytes]) -> RowTable:
    """The table of a file; its rows are read as they are asked for, a part of the file at a time.

    Raises:
        Unreadable: there is no table in the file, or its header does not fit its rows.

    """
    stream = iter(chunks)
    head, head_chunks = read_head(stream)
    charset = detect_charset(head)
    lines = decode_lines(chain(head_chunks, stream), charset)
    sample_lines = list(islice(lines, SAMPLE_LINES))
    if are_encoded_twice(sample_lines):
        sample_lines, lines = list(map(decode_again, sample_lines)), map(decode_again, lines)
    layout = find_layout(sample_lines)
    sample_lines, lines = list(layout(sample_lines)), layout(lines)
    dialect = detect_dialect(sample_lines)
    records = list(parse_records(iter(sample_lines), dialect, None))
    header = find_header([record.cells or () for record in records])
    if not header.labels or len(header.labels) > MOST_COLUMNS:
        raise Unreadable(f"no table of at most {MOST_COLUMNS} columns was found in the file")
    header_records, sample = records[header.first : header.end], records[header.end :]
    labels = _drop_blank_columns(header.labels, header_records, sample)
    labels, doubt = _fit_header(labels, header_records, sample)
    first_line = sample[0].line if sample else len(sample_lines) + 1
    all_records = parse_records(chain(sample_lines, lines), dialect, len(labels))
    about = About(
        format="text",
        charset=charset,
        delimiter=dialect.delimiter,
        line=header_records[0].line if header.is_labelled else None,
        doubt=doubt,
    )
    fitter = _RecordFitter(labels, dialect, sample)
    header_lines = [record.text for record in header_records]
    below = (record for record in all_records if record.line >= first_line)
    filtered = filter_rows(below, labels, header_lines, [record.cells or () for record in sample])
    return RowTable(about, labels, map(fitter.fit, filtered))


def read_head(stream: Iterator[bytes]) -> tuple[bytes, list[bytes]]:
    """The first bytes of a file, at most `HEAD_BYTES`, and the chunks that were read for them."""
    read_chunks, size = list[bytes](), 0
    for chunk in stream:
        read_chunks.append(chunk)
        size += len(chunk)
        if size >= HEAD_BYTES:
            break
    return b"".join(read_chunks)[:HEAD_BYTES], read_chunks


def _drop_blank_columns(
    labels: tuple[str, ...], header: Sequence[TextRecord], sample: Sequence[TextRecord]
) -> tuple[str, ...]:
    """The labels without those of columns at the end that are blank, in the header and below."""
    if not header:
        return labels
    texts = [cells for record in (*header, *sample) for cells in [record.cells or ()]]
    used = max(place for cells in texts for place, cell in enumerate(cells, 1) if cell.strip())
    return labels[:used]


def _fit_header(
    labels: tuple[str, ...], header: Sequence[TextRecord], sample: Sequence[TextRecord]
) -> tuple[tuple[str, ...], str | None]:
    """The labels that fit the rows, and a doubt that a person must look at.

    With a label too few or too many, every cell would be below a wrong label. If each row has one
    cell more, its first cell is the row's own name, as statistics programs write it. But a
    delimiter may also be missing in the header. Where the addresses would then stand below another
    label than theirs, the labels stay, and each row is in doubt.

    Raises:
        Unreadable: most rows have another number of cells.

    """
    widths = [len(_trim_blanks(record.cells, len(labels))) for record in sample if record.cells]
    has_blank = any(not cell.strip() for record in header for cell in (record.cells or ())[:-1])
    line = header[-1].line if header else 1
    if widths and not has_blank and set(widths) == {len(labels) + 1}:
        if not may_be_shifted(labels, [record.cells for record in sample if record.cells]):
            return labels, None
        return unique_labels(["", *labels]), (
            f"line {line}: the header names {len(labels)} columns, the rows have one cell more; "
            f"the first is taken for the row's own name"
        )
    wider = sum(width > len(labels) for width in widths)
    narrower = sum(width < len(labels) for width in widths)
    if wider * 2 > len(widths) or (has_blank and narrower * 2 > len(widths)):
        raise Unreadable(
            f"line {line}: the header names {len(labels)} columns, and most rows have another "
            f"number of cells"
        )
    return labels, None


class _RecordFitter:
    """Fits each record into the columns; a sample of rows shows what a column holds."""

    def __init__(
        self, labels: Sequence[str], dialect: Dialect, sample: Sequence[TextRecord]
    ) -> None:
        self._width, self._dialect = len(labels), dialect
        width = self._width
        good = [
            _trim_blanks(r.cells, width) for r in sample if r.cells and any(map(str.strip, r.cells))
        ]
        good = [cells for cells in good if len(cells) == width]
        self._good_rows = good or [
            cells for r in sample if (cells := join_rest(r.text, dialect, width))
        ]
        self._profile = ColumnProfile(good, width)
        costs = sorted(map(self._profile.row_cost, good))
        self._usual_cost = costs[len(costs) * 19 // 20] if costs else 0.0  # of 95 % of the rows
        self._repairs, self._budget = 0, SearchBudget()

    def fit(self, filtered: FilteredRecord) -> Row:
        self._budget.add_line(filtered.record.text)
        row = self._fit_record(filtered.record)
        return row._replace(doubts=(*filtered.doubts, *row.doubts)) if filtered.doubts else row

    def _fit_record(self, record: TextRecord) -> Row:
        width = self._width
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
        """Whether each cell is like its column. Then only blank cells at the end are missing."""
        costs = [self._profile.cell_cost(place, cell) for place, cell in enumerate(cells)]
        return not self._profile.is_reliable or (
            max(costs, default=0) < STRANGE_COST and sum(costs) <= self._usual_cost + 1
        )

    def _keep_or_repair(self, record: TextRecord, cells: tuple[str, ...]) -> Row:
        """The row as it is, unless a quote inside a cell shows that a delimiter is missing."""
        quote = self._dialect.quote
        if any(cell.count(quote) % 2 for cell in cells):
            quote_cost = sum(unquote_cell(cell, self._dialect)[1] for cell in cells)
            repair = self._find_repair(record)
            if repair and repair.cost + REPAIR_MARGIN < self._profile.row_cost(cells) + quote_cost:
                return _doubtful_row(record, repair.cells, "a separator or quote is missing")
        return Row(record.line, cells)

    def _repaired_row(self, record: TextRecord, cause: str) -> Row:
        width = self._width
        cells = split_quoted_line(record.text, self._dialect, width)
        if cells is None:
            cells = self._pad_or_repair(record)
        if cells is None:
            cells = join_last_cell(record.text, self._dialect, width, self._good_rows)
        return _doubtful_row(record, cells, cause)

    def _pad_or_repair(self, record: TextRecord) -> tuple[str, ...] | None:
        """The repair, unless cells that are left out at the end explain the line as well."""
        repair = self._find_repair(record)
        given, width = record.cells or (), self._width
        if self._profile.is_reliable and 1 < len(given) < width:
            most = repair.cost if repair else self._usual_cost + MOST_EXTRA_COST
            cells = (*given, *[""] * (width - len(given)))
            if self._profile.row_cost(cells) < most:
                return cells
        return repair.cells if repair else None

    def _find_repair(self, record: TextRecord) -> LineRepair | None:
        self._repairs += 1
        if self._repairs > MOST_REPAIRS:
            return None
        return repair_line(
            record.text, self._dialect, self._profile, self._usual_cost, self._budget
        )


def _doubtful_row(record: TextRecord, cells: tuple[str, ...] | None, cause: str) -> Row:
    """The row in doubt; without cells if it could not be repaired."""
    if cells is None:
        text = f"line {record.line}: {cause}"
        return Row(record.line, (), (Reason(code="broken_line", text=text),))
    text = f"line {record.line}: {cause}; it was read as its neighbours are"
    return Row(record.line, cells, (Reason(code="mended_line", text=text),))


def _trim_blanks(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """The cells without blank ones beyond the last column."""
    if len(cells) > width and not any(map(str.strip, cells[width:])):
        return cells[:width]
    return cells
