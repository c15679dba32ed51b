"""The end of an import: one CSV file for people that tells what became of each row."""

import csv
import io
import tempfile
from collections.abc import Iterator
from typing import IO, Literal

from leadloop.edge.act import table
from leadloop.edge.import_files import RESULTS_PREFIX, RowOutcome, read_outcomes
from leadloop.edge.wiring import get_wiring
from leadloop.intake.tables.formula_escaping import escape_cell
from leadloop.model.base import Model
from leadloop.model.errors import NotFound
from leadloop.store import imports
from leadloop.store.imports import FileImport, ImportState

HEADER = ("line", "outcome", "reasons", "submission", "lead", "imported before")
OPEN_STATES = (ImportState.RUNNING, ImportState.FAILED)  # another run may yet bring it to its end
MEMORY_BYTES = 10_000_000  # bytes; more goes to the disk


class CloseResult(Model):
    """`missing`: some pages are not counted yet, and the import can be resumed."""

    outcome: Literal["done", "missing"]
    rows: int


def close_import(import_id: str) -> CloseResult:
    """Write the result of an import whose pages are all decided. Closing it twice is harmless.

    Raises:
        NotFound: there is no such import.

    """
    file_import = imports.get(table(), import_id)
    if file_import is None:
        raise NotFound(import_id)
    if file_import.state is ImportState.RELEASING:
        return _close_release(file_import)
    counted = imports.read_progress(table(), import_id)
    if missing := file_import.pages - len(counted.pages):
        _mark_failed(file_import, f"{missing} of {file_import.pages} pages of rows failed")
        return CloseResult(outcome="missing", rows=counted.rows)
    with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as result:
        _write(file_import, result)
        result.seek(0)
        get_wiring().s3.put_object(
            Bucket=get_wiring().raw_bucket,
            Key=f"{RESULTS_PREFIX}{import_id}.csv",
            Body=result,
            ContentType="text/csv; charset=utf-8",
        )
    if file_import.state in OPEN_STATES:
        ended = {"outcomes": counted.outcomes, "again": counted.again, "refused": None}
        imports.put(table(), file_import.but(state=ImportState.DONE, **ended))
    return CloseResult(outcome="done", rows=counted.rows)


def give_up_import(import_id: str, error: str) -> None:
    """Mark an import as failed whose file could not be opened.

    `error` is what Lambda calls the failure of the last try. An import that came further by another
    run stays as it is.
    """
    file_import = imports.get(table(), import_id)
    if file_import is not None:
        _mark_failed(file_import, f"the file could not be opened ({error})")


def _mark_failed(file_import: FileImport, why: str) -> None:
    """Mark it as failed by our fault, unless another run has ended it meanwhile."""
    if file_import.state in (ImportState.AWAITED, *OPEN_STATES):
        again = "it was reported; confirm the import once more to try again"
        imports.put(table(), file_import.but(state=ImportState.FAILED, refused=f"{why}; {again}"))


def _close_release(file_import: FileImport) -> CloseResult:
    counted = imports.released_counts(table(), file_import.id)
    leads = sum(counted.values())
    if len(counted) < file_import.pages:
        return CloseResult(outcome="missing", rows=leads)
    imports.put(table(), file_import.but(state=ImportState.RELEASED, released=leads))
    return CloseResult(outcome="done", rows=leads)


def _write(file_import: FileImport, result: IO[bytes]) -> None:
    """Write the CSV with a byte order mark; without one, Excel reads it as cp1252."""
    text = io.TextIOWrapper(result, encoding="utf-8-sig", errors="replace", newline="")
    lines = csv.writer(text)
    lines.writerow([*HEADER, *(escape_cell(column.name) for column in file_import.columns)])
    for row in _rows(file_import):
        lines.writerow(map(escape_cell, _line(row)))
    text.detach()


def _rows(file_import: FileImport) -> Iterator[RowOutcome]:
    for number in range(file_import.pages):
        yield from read_outcomes(get_wiring().pages, file_import.id, number)


def _line(row: RowOutcome) -> tuple[str, ...]:
    reasons = "; ".join(reason.text for reason in row.reasons)
    again = "yes" if row.again else ""
    cells = (str(row.line), row.outcome.value, reasons, row.submission_id, row.lead_id or "", again)
    return (*cells, *row.cells)
