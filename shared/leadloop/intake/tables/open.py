"""Any file of rows: what it is, its first bytes tell, whatever its name says."""

import re
from collections.abc import Iterable
from itertools import chain, islice

from leadloop.intake.tables.header import head_of
from leadloop.intake.tables.lines import charset_of, lines
from leadloop.intake.tables.model import About, Row, Table
from leadloop.intake.tables.objects import object_table
from leadloop.intake.tables.records import Record
from leadloop.intake.tables.row_filter import told
from leadloop.intake.tables.text_table import MOST_COLUMNS, begun, text_table
from leadloop.intake.tables.workbook import OLE, WORKBOOK_BYTES, sheet_of
from leadloop.model.errors import TooLarge, Unreadable

ZIP = b"PK"
STRANGE = (
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
OBJECTS = re.compile(r"\{|\[\s*\{")
CONTROLS = re.compile("[\x02-\x08\x0e-\x19]")  # the others part cells, or lines, somewhere
LOOKED_AT = 300  # rows of a sheet


def table_of(chunks: Iterable[bytes]) -> Table:
    """Its columns, and its rows as they are asked for; of text, never more than a part is held.

    Raises:
        Unreadable: there are no rows in it, and why; or it is made to harm.
        TooLarge: it can only be read as a whole, and is too much for that.

    """
    stream = iter(chunks)
    head, parts = begun(stream)
    if is_workbook(head):
        return _sheet_table(whole(chain(parts, stream)))
    charset = charset_of(head)
    text = head.decode(charset, errors="replace").lstrip("\ufeff \t\r\n")
    if head.startswith(STRANGE) or MARKUP.match(text) or _controls(text):
        raise Unreadable("the file is no table: send CSV, XLSX, XLS, ODS or JSON lines")
    if OBJECTS.match(text):
        return object_table(lines(chain(parts, stream), charset), charset)
    return text_table(chain(parts, stream))


def is_workbook(head: bytes) -> bool:
    """By the first bytes; it is read as a whole."""
    return head.startswith((ZIP, OLE))


def whole(chunks: Iterable[bytes]) -> bytes:
    """Raises: TooLarge."""
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) > WORKBOOK_BYTES:
            raise TooLarge(f"a workbook may have {WORKBOOK_BYTES:,} bytes; send CSV instead")
    return bytes(found)


def _controls(text: str) -> bool:
    """More than text ever has."""
    return len(CONTROLS.findall(text)) > len(text) / 100


def _sheet_table(data: bytes) -> Table:
    sheet = sheet_of(data)
    sample = list(islice(sheet.rows, LOOKED_AT))
    top = head_of([cells for _, cells in sample])
    if not top.names or len(top.names) > MOST_COLUMNS:
        raise Unreadable(f"the sheet holds no table of at most {MOST_COLUMNS} columns")
    about = About(
        format="workbook",
        line=sample[top.first][0] if top.named else None,
        sheet=sheet.name,
        other_sheets=sheet.others,
    )
    below = (Record(number, "", cells) for number, cells in chain(sample[top.rows :], sheet.rows))
    said = told(below, top.names, [""], [cells for _, cells in sample[top.rows :]])
    rows = (Row(line.record.line, line.record.cells or (), line.doubts) for line in said)
    return Table(about, top.names, rows)
