"""Opens any file of rows. Its first bytes show its format, whatever its name is."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from leadloop.intake.tables.formula_escaping import unescape_cell
from leadloop.intake.tables.header import find_header, unique_labels
from leadloop.intake.tables.html_table import HTML_TABLE, read_html_rows
from leadloop.intake.tables.lines import decode_lines, detect_charset
from leadloop.intake.tables.model import About, Row, RowTable
from leadloop.intake.tables.objects import read_object_table
from leadloop.intake.tables.records import TextRecord
from leadloop.intake.tables.row_filter import filter_rows
from leadloop.intake.tables.text_table import MOST_COLUMNS, read_head, read_text_table
from leadloop.intake.tables.workbook import OLE_SIGNATURE, WORKBOOK_BYTES, open_sheet
from leadloop.model.errors import TooLarge, Unreadable

ZIP_SIGNATURE = b"PK"
FOREIGN_SIGNATURES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"BZh",
    b"7z\xbc\xaf",
    b"BEGIN:VCARD",
    b"Rar!",
    b"\x7fELF",
    b"MZ\x90",
)
MARKUP = re.compile(r"<(?:!doctype|html|head|body|meta|style|table|\?xml)\b", re.IGNORECASE)
JSON_START = re.compile(r"\{|\[\s*\{")
CONTROLS = re.compile("[\x02-\x08\x0e-\x19]")  # without those that are delimiters in some files
MOST_CONTROLS = 0.01  # of the characters of a text
SAMPLE_ROWS = 300  # rows of a sheet


def open_table(chunks: Iterable[bytes]) -> RowTable:
    """The table of a file; its rows are read as they are asked for.

    A text is never in memory as a whole. What a program wrote so that a spreadsheet keeps it as it
    is, such as `="0412"`, is the text inside.

    Raises:
        Unreadable: there is no table in the file, or it would harm its reader.
        TooLarge: a workbook or a JSON list is too big to be read as a whole.

    """
    table = _open_as_written(iter(chunks))
    columns = unique_labels([unescape_cell(label) for label in table.columns])
    rows = (row._replace(cells=tuple(map(unescape_cell, row.cells))) for row in table.rows)
    return RowTable(table.about, columns, rows)


def _open_as_written(stream: Iterator[bytes]) -> RowTable:
    head, head_chunks = read_head(stream)
    if is_workbook(head):
        return _sheet_table(read_whole(chain(head_chunks, stream)))
    charset = detect_charset(head)
    text = head.decode(charset, errors="replace").lstrip("\ufeff \t\r\n")
    if MARKUP.match(text) and HTML_TABLE.search(text):
        rows = read_html_rows(read_whole(chain(head_chunks, stream)), charset)
        return _rows_table(rows, About(format="html", charset=charset))
    if head.startswith(FOREIGN_SIGNATURES) or MARKUP.match(text) or _has_controls(text):
        raise Unreadable("the file is no table: send CSV, XLSX, XLS, ODS or JSON lines")
    if JSON_START.match(text):
        return read_object_table(decode_lines(chain(head_chunks, stream), charset), charset)
    return read_text_table(chain(head_chunks, stream))


def is_workbook(head: bytes) -> bool:
    """Whether a file's first bytes are a workbook's, which is read as a whole."""
    return head.startswith((ZIP_SIGNATURE, OLE_SIGNATURE))


def read_whole(chunks: Iterable[bytes]) -> bytes:
    """All bytes of a workbook.

    Raises:
        TooLarge: there are more than `WORKBOOK_BYTES`.

    """
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > WORKBOOK_BYTES:
            raise TooLarge(f"a workbook may have {WORKBOOK_BYTES:,} bytes; send CSV instead")
    return bytes(data)


def _has_controls(text: str) -> bool:
    """Whether there are more control characters than a text has."""
    return len(CONTROLS.findall(text)) > len(text) * MOST_CONTROLS


def _sheet_table(data: bytes) -> RowTable:
    sheet = open_sheet(data)
    about = About(format="workbook", sheet=sheet.name, other_sheets=sheet.others)
    return _rows_table(sheet.rows, about)


def _rows_table(lines: Iterator[tuple[int, tuple[str, ...]]], about: About) -> RowTable:
    """The table of numbered rows of cells; the line of its header is added to `about`."""
    sample = list(islice(lines, SAMPLE_ROWS))
    header = find_header([cells for _, cells in sample])
    if not header.labels or len(header.labels) > MOST_COLUMNS:
        raise Unreadable(f"the sheet holds no table of at most {MOST_COLUMNS} columns")
    about = about.but(line=sample[header.first][0] if header.is_labelled else None)
    rows_sample = sample[header.end :]
    below = (TextRecord(number, "", cells) for number, cells in chain(rows_sample, lines))
    filtered = filter_rows(below, header.labels, [""], [cells for _, cells in rows_sample])
    rows = (Row(each.record.line, each.record.cells or (), each.doubts) for each in filtered)
    return RowTable(about, header.labels, rows)
