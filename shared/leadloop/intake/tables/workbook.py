"""Reads workbooks (XLSX, XLS, ODS) by calamine: no formula, link or macro is run.

Source: ECMA-376 Part 1 (XLSX), MS-XLS, and ODF 1.3 Part 3 (ODS).
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from leadloop.intake.tables.ole_compound import check_compound
from leadloop.intake.tables.zip_check import check_archive, read_entry
from leadloop.model.errors import TooLarge, Unreadable

WORKBOOK_BYTES = 50_000_000
MOST_CELLS = 8_000_000  # of one sheet with blank ones, which take memory too
SAMPLE_ROWS = 60  # of a sheet, in which people are looked for
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
# A row or a cell with content; blank ones that only have a format take no memory.
CELL_TAG = re.compile(rb"<(?:\w{1,20}:)?(?:row|c)\b([^<>]{0,4000})(?<!/)>(?!</)")
ENDLESS_TAG = re.compile(rb"<(?:\w{1,20}:)?(?:row|c)\b[^<>]{4000}")
CELL_REFERENCE = re.compile(rb"\sr\s{0,9}=\s{0,9}[\"']([A-Za-z]{0,4})(\d{1,10})[\"']")
REPEATED_CELLS = re.compile(
    rb'<table:(table-row|table-cell)\b[^>]{0,400}?number-(?:rows|columns)-repeated="(\d{1,10})"[^>]*>'
)
ODS_CONTENT = "content.xml"
LINE_BREAK_TAG = re.compile(
    rb"<(?:\w{1,20}:)?line-break\s{0,9}(?:/>|>\s{0,9}</(?:\w{1,20}:)?line-break>)"
)
SHOWN_DIGITS = 15  # of a number: no spreadsheet shows or takes more
HALF_A_SECOND = dt.timedelta(seconds=0.5)
OVERLAP = 5_000  # bytes of the piece before that are searched again
UNLIMITED_ROWS = 100_000  # a row that is repeated more often fills the sheet to its end


class Sheet(NamedTuple):
    """One sheet: its rows of texts, with their numbers from 1, and the other sheets' names."""

    name: str
    others: tuple[str, ...]
    rows: Iterator[tuple[int, tuple[str, ...]]]


def open_sheet(data: bytes) -> Sheet:
    """The first visible sheet with people, else with a table, else with any cell.

    Raises:
        Unreadable: it is no workbook, or would harm its reader.
        TooLarge: it has more than `WORKBOOK_BYTES`.

    """
    if len(data) > WORKBOOK_BYTES:
        raise TooLarge(f"the workbook has {len(data):,} bytes; at most {WORKBOOK_BYTES:,} are read")
    if data.startswith(OLE_SIGNATURE) and ENCRYPTED_STREAM in data:
        raise Unreadable("the workbook is protected by a password; save it without one")
    if data.startswith(OLE_SIGNATURE):
        check_compound(data)
    else:
        names = check_archive(data)
        if "content.xml" not in names and not any(name.startswith("xl/") for name in names):
            raise Unreadable("the file is a zip, and not of a spreadsheet")
        if "xl/workbook.bin" in names:
            raise Unreadable("the file is an XLSB; save it as XLSX")
        _check_area(data, names)
        if ODS_CONTENT in names:
            data = _with_line_breaks(data)
    return _open_guarded(data)


def _open_guarded(data: bytes) -> Sheet:
    """The sheet; a panic of calamine, on a file made to break readers, becomes `Unreadable`."""
    try:
        book = load_workbook(io.BytesIO(data))
        names = _visible_sheets(book)
        sheets = ((name, book.get_sheet_by_name(name)) for name in names)
        nonempty = [named for named in sheets if named[1].height and named[1].width]
        tables = [named for named in nonempty if named[1].height > 1 and named[1].width > 1]
        sheets_with_mails = (named for named in tables if _contains_mails(named[1]))
        named_sheet = next(chain(sheets_with_mails, tables, nonempty), None)
    except CalamineError as error:
        raise Unreadable(f"the workbook cannot be opened: {_error_text(error)}") from error
    except (OSError, ValueError) as error:
        raise Unreadable("the workbook cannot be opened") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Unreadable("the workbook is broken inside") from None
    if named_sheet is None:
        raise Unreadable("no sheet of the workbook holds anything")
    name, sheet = named_sheet
    return Sheet(name, tuple(other for other in names if other != name), _rows(sheet))


def _with_line_breaks(data: bytes) -> bytes:
    """The ODS file with its line breaks as characters: calamine drops the elements."""
    content = b"".join(read_entry(data, ODS_CONTENT))
    if not LINE_BREAK_TAG.search(content):
        return data
    changed = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as archive,
            zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as copy,
        ):
            for entry in archive.infolist():
                is_content = entry.filename == ODS_CONTENT
                body = LINE_BREAK_TAG.sub(b"&#10;", content) if is_content else archive.read(entry)
                copy.writestr(entry.filename, body)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return data  # what opens it says what is wrong with it
    return changed.getvalue()


def _contains_mails(sheet: CalamineSheet) -> bool:
    """Whether a sheet lists people, rather than counting them."""
    rows = islice(sheet.iter_rows(), SAMPLE_ROWS)
    return any(isinstance(cell, str) and "@" in cell for row in rows for cell in row)


def _visible_sheets(book: CalamineWorkbook) -> list[str]:
    return [
        meta.name
        for meta in book.sheets_metadata
        if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
    ]


def _error_text(error: CalamineError) -> str:
    kind = type(error).__name__
    return "it is protected by a password" if kind == "PasswordError" else "it is broken"


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows from the sheet's first one on, blank rows too."""
    for number, cells in enumerate(sheet.iter_rows(), 1):
        yield number, tuple(map(cell_text, cells))


def cell_text(value: object) -> str:
    """A cell as a person sees it: a whole number without “.0”, a day without midnight."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return f"{value:.{SHOWN_DIGITS}g}"
        case dt.timedelta():
            return _duration_text(value)
        case dt.datetime():
            moment = (value + HALF_A_SECOND).replace(microsecond=0)
            is_day = moment.time() == dt.time()
            return moment.date().isoformat() if is_day else moment.isoformat(sep=" ")
        case dt.time():
            return value.replace(microsecond=0).isoformat()
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def _duration_text(value: dt.timedelta) -> str:
    """Hours, minutes and seconds: 30:15:00 of a day, six hours and a quarter."""
    seconds = round(abs(value).total_seconds())
    sign = "-" if value < dt.timedelta() else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _check_area(data: bytes, names: frozenset[str]) -> None:
    """Refuses a sheet that would fill all memory: far apart or endlessly repeated cells."""
    for name in names:
        if name.lower().endswith(".xml"):
            _check_sheet(data, name)
    if "content.xml" in names:
        _check_repeated(data)


def _check_sheet(data: bytes, name: str) -> None:
    first_row = first_column = 10**9
    last_row = last_column = 0
    for part in _overlap_pieces(read_entry(data, name)):
        if ENDLESS_TAG.search(part):
            raise Unreadable("the sheet hides where its cells stand")
        for reference in filter(None, map(CELL_REFERENCE.search, CELL_TAG.findall(part))):
            letters, digits = reference.groups()
            row, column = int(digits), _column_number(letters)
            first_row, last_row = min(first_row, row), max(last_row, row)
            first_column, last_column = min(first_column, column), max(last_column, column)
    rows, columns = last_row - min(first_row, last_row) + 1, last_column - first_column + 1
    if last_row and rows * max(columns, 1) > MOST_CELLS:
        raise Unreadable(f"the sheet spans {rows:,} rows and {columns:,} columns")


def _check_repeated(data: bytes) -> None:
    """Refuses an ODS sheet with repeated cells; blank ones are repeated to each sheet's end."""
    rows, cells = 1, 0
    for part in _overlap_pieces(read_entry(data, "content.xml")):
        for match in REPEATED_CELLS.finditer(part):
            count = int(match[2])
            if match[1] == b"table-row":
                rows = count
            elif not match[0].rstrip().endswith(b"/>"):
                cells += count * (rows if rows < UNLIMITED_ROWS else 1)
    if cells > MOST_CELLS:
        raise Unreadable("the sheet repeats cells a million times")


def _overlap_pieces(parts: Iterator[bytes]) -> Iterator[bytes]:
    tail = b""
    for part in parts:
        plain = tail + part.replace(b"\0", b"")  # without NUL, UTF-16 has the same letters
        yield plain
        tail = plain[-OVERLAP:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
