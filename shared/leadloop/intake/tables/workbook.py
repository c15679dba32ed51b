"""XLSX, XLS and ODS, by calamine: no formula is computed, no link followed, no macro run."""

import datetime as dt
import io
import re
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
MOST_CELLS = 8_000_000  # of one sheet, blank ones between included: what it takes in memory
SAMPLE_ROWS = 60  # rows that tell what a sheet is about
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
# A row or a cell with something in it: blank ones that are only painted take no memory.
CELL_TAG = re.compile(rb"<(?:\w{1,20}:)?(?:row|c)\b([^<>]{0,4000})(?<!/)>(?!</)")
ENDLESS_TAG = re.compile(rb"<(?:\w{1,20}:)?(?:row|c)\b[^<>]{4000}")
CELL_REFERENCE = re.compile(rb"\sr\s{0,9}=\s{0,9}[\"']([A-Za-z]{0,4})(\d{1,10})[\"']")
REPEATED_CELLS = re.compile(
    rb'<table:(table-row|table-cell)\b[^>]{0,400}?number-(?:rows|columns)-repeated="(\d{1,10})"[^>]*>'
)
OVERLAP = 5_000


class Sheet(NamedTuple):
    """`rows` of texts, with their numbers from 1."""

    name: str
    others: tuple[str, ...]
    rows: Iterator[tuple[int, tuple[str, ...]]]


def open_sheet(data: bytes) -> Sheet:
    """The first sheet with people, else with a table, else the first in which anything stands.

    Raises:
        Unreadable: it is no workbook, or made to harm whoever opens it.
        TooLarge: it is one of more than `WORKBOOK_BYTES`.

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
    return _open_guarded(data)


def _open_guarded(data: bytes) -> Sheet:
    """Where calamine itself breaks, on files made to break readers, it raises a panic."""
    try:
        book = load_workbook(io.BytesIO(data))
        names = _visible_sheets(book)
        sheets = ((name, book.get_sheet_by_name(name)) for name in names)
        filled = [each for each in sheets if each[1].height and each[1].width]
        tables = [each for each in filled if each[1].height > 1 and each[1].width > 1]
        people = (each for each in tables if _tells_of_people(each[1]))
        found = next(chain(people, tables, filled), None)
    except CalamineError as error:
        raise Unreadable(f"the workbook cannot be opened: {_error_text(error)}") from error
    except (OSError, ValueError) as error:
        raise Unreadable("the workbook cannot be opened") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Unreadable("the workbook is broken inside") from None
    if found is None:
        raise Unreadable("no sheet of the workbook holds anything")
    name, sheet = found
    return Sheet(name, tuple(other for other in names if other != name), _rows(sheet))


def _tells_of_people(sheet: CalamineSheet) -> bool:
    """Rather than of how many they are."""
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
    """From the sheet's own first row on, blank ones too."""
    for number, cells in enumerate(sheet.iter_rows(), 1):
        yield number, tuple(map(cell_text, cells))


def cell_text(value: object) -> str:
    """As a person reads it: no “.0” behind a whole number, a day without midnight."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime():
            return value.isoformat(sep=" ")
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def _check_area(data: bytes, names: frozenset[str]) -> None:
    """Two cells in opposite corners, or one repeated a million times, would fill all memory."""
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
        for place in filter(None, map(CELL_REFERENCE.search, CELL_TAG.findall(part))):
            letters, digits = place.groups()
            row, column = int(digits), _column_number(letters)
            first_row, last_row = min(first_row, row), max(last_row, row)
            first_column, last_column = min(first_column, column), max(last_column, column)
    rows, columns = last_row - min(first_row, last_row) + 1, last_column - first_column + 1
    if last_row and rows * max(columns, 1) > MOST_CELLS:
        raise Unreadable(f"the sheet spans {rows:,} rows and {columns:,} columns")


def _check_repeated(data: bytes) -> None:
    """Blank cells are repeated to the sheet's end by every program; others are not."""
    rows, cells = 1, 0
    for part in _overlap_pieces(read_entry(data, "content.xml")):
        for found in REPEATED_CELLS.finditer(part):
            count = int(found[2])
            if found[1] == b"table-row":
                rows = count
            elif not found[0].rstrip().endswith(b"/>"):
                cells += count * (rows if rows < 100_000 else 1)
    if cells > MOST_CELLS:
        raise Unreadable("the sheet repeats cells a million times")


def _overlap_pieces(parts: Iterator[bytes]) -> Iterator[bytes]:
    before = b""
    for part in parts:
        plain = before + part.replace(b"\0", b"")  # UTF-16 has the same letters
        yield plain
        before = plain[-OVERLAP:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
