"""All rows decided: one file that tells what became of each, for people and their spreadsheets."""

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
from leadloop.settings import JourneySettings
from leadloop.store import imports
from leadloop.store.imports import FileImport, ImportState

HEADER = ("line", "outcome", "reasons", "submission", "lead", "imported before")
OPEN_STATES = (ImportState.RUNNING, ImportState.FAILED)  # another run may yet bring it to its end
MEMORY_BYTES = 10_000_000  # bytes; more goes to the disk


class CloseResult(Model):
    """`missing`: some pages are not counted yet, and the import can be gone on with."""

    outcome: Literal["done", "missing"]
    rows: int


def close_import(import_id: str) -> CloseResult:
    """Done once more, it is the same."""
    found = imports.get(table(), import_id)
    if found is None:
        raise NotFound(import_id)
    if found.state is ImportState.RELEASING:
        return _close_release(found)
    counted = imports.read_progress(table(), import_id)
    if missing := found.pages - len(counted.pages):
        _mark_failed(found, f"{missing} of {found.pages} pages of rows failed")
        return CloseResult(outcome="missing", rows=counted.rows)
    with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as result:
        _write(found, result)
        result.seek(0)
        get_wiring().s3.put_object(
            Bucket=get_wiring().raw_bucket,
            Key=f"{RESULTS_PREFIX}{import_id}.csv",
            Body=result,
            ContentType="text/csv; charset=utf-8",
        )
    if found.state in OPEN_STATES:
        ended = {"outcomes": counted.outcomes, "again": counted.again, "refused": None}
        imports.put(table(), found.but(state=ImportState.DONE, **ended))
    return CloseResult(outcome="done", rows=counted.rows)


def give_up_import(import_id: str, error: str) -> None:
    """Nobody could open it: `error` is what Lambda calls the last try's failure.

    What has come further by another word is left as it stands.
    """
    found = imports.get(table(), import_id)
    if found is not None:
        _mark_failed(found, f"the file could not be opened ({error})")


def _mark_failed(found: FileImport, why: str) -> None:
    """Our fault, and told as one; whoever has gone on meanwhile is not held up."""
    if found.state in (ImportState.AWAITED, *OPEN_STATES):
        again = "it was reported; confirm the import once more to try again"
        imports.put(table(), found.but(state=ImportState.FAILED, refused=f"{why}; {again}"))


def _close_release(found: FileImport) -> CloseResult:
    counted = imports.released_counts(table(), found.id)
    leads = sum(counted.values())
    if len(counted) < found.pages:
        return CloseResult(outcome="missing", rows=leads)
    imports.put(table(), found.but(state=ImportState.RELEASED, released=leads))
    return CloseResult(outcome="done", rows=leads)


def _write(found: FileImport, result: IO[bytes]) -> None:
    """With a BOM, without which Excel takes it for cp1252."""
    text = io.TextIOWrapper(result, encoding="utf-8-sig", errors="replace", newline="")
    lines = csv.writer(text)
    lines.writerow([*HEADER, *(escape_cell(column.name) for column in found.columns)])
    for row in _rows(found):
        lines.writerow(map(escape_cell, _line(row)))
    text.detach()


def _rows(found: FileImport) -> Iterator[RowOutcome]:
    bucket, s3 = get_wiring().settings(JourneySettings).PAGES_BUCKET, get_wiring().s3
    for number in range(found.pages):
        yield from read_outcomes(s3, bucket, found.id, number)


def _line(row: RowOutcome) -> tuple[str, ...]:
    reasons = "; ".join(reason.text for reason in row.reasons)
    again = "yes" if row.again else ""
    said = (str(row.line), row.outcome.value, reasons, row.submission_id, row.lead_id or "", again)
    return (*said, *row.cells)
