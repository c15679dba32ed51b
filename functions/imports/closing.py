"""All rows decided: one file that tells what became of each, for people and their spreadsheets."""

import csv
import io
import tempfile
from collections.abc import Iterator
from typing import IO, Literal

from leadloop.edge.act import table
from leadloop.edge.import_files import RESULTS, RowOutcome, outcomes
from leadloop.edge.wiring import wired
from leadloop.intake.tables.formula_escaping import escaped
from leadloop.model.base import Model
from leadloop.model.errors import NotFound
from leadloop.settings import JourneySettings
from leadloop.store import imports
from leadloop.store.imports import FileImport, ImportState

HEAD = ("line", "outcome", "reasons", "submission", "lead", "imported before")
UNDER_WAY = (ImportState.RUNNING, ImportState.FAILED)  # another run may yet bring it to its end
IN_MEMORY = 10_000_000  # bytes; more goes to the disk


class Closed(Model):
    """`missing`: some pages are not counted yet, and the import can be gone on with."""

    outcome: Literal["done", "missing"]
    rows: int


def closed(import_id: str) -> Closed:
    """Done once more, it is the same."""
    found = imports.get(table(), import_id)
    if found is None:
        raise NotFound(import_id)
    if found.state is ImportState.RELEASING:
        return _released(found)
    counted = imports.done(table(), import_id)
    if missing := found.pages - len(counted.pages):
        _failed(found, f"{missing} of {found.pages} pages of rows failed")
        return Closed(outcome="missing", rows=counted.rows)
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as result:
        _write(found, result)
        result.seek(0)
        wired().s3.put_object(
            Bucket=wired().raw_bucket,
            Key=f"{RESULTS}{import_id}.csv",
            Body=result,
            ContentType="text/csv; charset=utf-8",
        )
    if found.state in UNDER_WAY:
        ended = {"outcomes": counted.outcomes, "again": counted.again, "refused": None}
        imports.put(table(), found.but(state=ImportState.DONE, **ended))
    return Closed(outcome="done", rows=counted.rows)


def given_up(import_id: str, error: str) -> None:
    """Nobody could open it: `error` is what Lambda calls the last try's failure.

    What has come further by another word is left as it stands.
    """
    found = imports.get(table(), import_id)
    if found is not None:
        _failed(found, f"the file could not be opened ({error})")


def _failed(found: FileImport, why: str) -> None:
    """Our fault, and told as one; whoever has gone on meanwhile is not held up."""
    if found.state in (ImportState.AWAITED, *UNDER_WAY):
        again = "it was reported; confirm the import once more to try again"
        imports.put(table(), found.but(state=ImportState.FAILED, refused=f"{why}; {again}"))


def _released(found: FileImport) -> Closed:
    counted = imports.released(table(), found.id)
    leads = sum(counted.values())
    if len(counted) < found.pages:
        return Closed(outcome="missing", rows=leads)
    imports.put(table(), found.but(state=ImportState.RELEASED, released=leads))
    return Closed(outcome="done", rows=leads)


def _write(found: FileImport, result: IO[bytes]) -> None:
    """With a BOM, without which Excel takes it for cp1252."""
    text = io.TextIOWrapper(result, encoding="utf-8-sig", errors="replace", newline="")
    lines = csv.writer(text)
    lines.writerow([*HEAD, *(escaped(column.name) for column in found.columns)])
    for row in _rows(found):
        lines.writerow(map(escaped, _line(row)))
    text.detach()


def _rows(found: FileImport) -> Iterator[RowOutcome]:
    bucket, s3 = wired().settings(JourneySettings).PAGES_BUCKET, wired().s3
    for number in range(found.pages):
        yield from outcomes(s3, bucket, found.id, number)


def _line(row: RowOutcome) -> tuple[str, ...]:
    reasons = "; ".join(reason.text for reason in row.reasons)
    again = "yes" if row.again else ""
    said = (str(row.line), row.outcome.value, reasons, row.submission_id, row.lead_id or "", again)
    return (*said, *row.cells)
