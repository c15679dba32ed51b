"""Any file of rows: what it is, its first bytes tell, whatever its name says."""

import re
from collections.abc import Iterable
from itertools import chain, islice

from leadloop.intake.tables.header import find_header
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
CONTROLS = re.compile("[\x02-\x08\x0e-\x19]")  # the others part cells, or lines, somewhere
SAMPLE_ROWS = 300  # rows of a sheet


def open_table(chunks: Iterable[bytes]) -> RowTable:
    """Its columns, and its rows as they are asked for; of text, never more than a part is held.

    Raises:
        Unreadable: there are no rows in it, and why; or it is made to harm.
        TooLarge: it can only be read as a whole, and is too much for that.

    """
    stream = iter(chunks)
    head, parts = read_head(stream)
    if is_workbook(head):
        return _sheet_table(read_whole(chain(parts, stream)))
    charset = detect_charset(head)
    text = head.decode(charset, errors="replace").lstrip("\ufeff \t\r\n")
    if head.startswith(FOREIGN_SIGNATURES) or MARKUP.match(text) or _has_controls(text):
        raise Unreadable("the file is no table: send CSV, XLSX, XLS, ODS or JSON lines")
    if JSON_START.match(text):
        return read_object_table(decode_lines(chain(parts, stream), charset), charset)
    return read_text_table(chain(parts, stream))


def is_workbook(head: bytes) -> bool:
    """By the first bytes; it is read as a whole."""
    return head.startswith((ZIP_SIGNATURE, OLE_SIGNATURE))


def read_whole(chunks: Iterable[bytes]) -> bytes:
    """Raises: TooLarge."""
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) > WORKBOOK_BYTES:
            raise TooLarge(f"a workbook may have {WORKBOOK_BYTES:,} bytes; send CSV instead")
    return bytes(found)


def _has_controls(text: str) -> bool:
    """More than text ever has."""
    return len(CONTROLS.findall(text)) > len(text) / 100


def _sheet_table(data: bytes) -> RowTable:
    sheet = open_sheet(data)
    sample = list(islice(sheet.rows, SAMPLE_ROWS))
    top = find_header([cells for _, cells in sample])
    if not top.names or len(top.names) > MOST_COLUMNS:
        raise Unreadable(f"the sheet holds no table of at most {MOST_COLUMNS} columns")
    about = About(
        format="workbook",
        line=sample[top.first][0] if top.named else None,
        sheet=sheet.name,
        other_sheets=sheet.others,
    )
    below = (
        TextRecord(number, "", cells) for number, cells in chain(sample[top.rows :], sheet.rows)
    )
    said = filter_rows(below, top.names, [""], [cells for _, cells in sample[top.rows :]])
    rows = (Row(line.record.line, line.record.cells or (), line.doubts) for line in said)
    return RowTable(about, top.names, rows)
