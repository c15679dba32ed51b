"""Files of rows at the doors: an address to send one to, and how far its import has come.

Nothing here reads a file. A new object below `files/`, `confirmed/` or `released/` starts the flow
that does; so a door needs no right to start anything.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from leadloop.intake.files.columns import check_meaning
from leadloop.model.base import Model, Reason
from leadloop.model.command import Actor
from leadloop.model.errors import Conflict, FieldsInvalid, NotFound, Stale
from leadloop.model.lead import SubmissionOutcome
from leadloop.store import imports
from leadloop.store.documents import Documents
from leadloop.store.imports import FileImport, ImportProgress, ImportState
from leadloop.store.paged_work import PagedWork
from leadloop.store.table import Table

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

FILES_PREFIX, CONFIRMED_PREFIX, RELEASED_PREFIX, RESULTS_PREFIX = (
    "files/",
    "confirmed/",
    "released/",
    "results/",
)
PAGES_PREFIX = "imports/"
FILE_BYTES = 100_000_000  # bytes of the largest file
END_STATES = (ImportState.DONE, ImportState.RELEASING, ImportState.RELEASED)
UPLOAD_SECONDS = 3_600  # seconds that an address is good for
LONGEST_NAME = 200  # characters
JSON_LINES = "application/jsonl"


class Upload(Model):
    """Post the file to `address` as a form, within `seconds`: `fields` first, then `file`."""

    address: str
    fields: dict[str, str]
    seconds: int = UPLOAD_SECONDS
    most_bytes: int = FILE_BYTES


class RowOutcome(Model):
    """What became of one row; `cells` as the file has them, by its columns."""

    line: int
    submission_id: str
    outcome: SubmissionOutcome
    lead_id: str | None = None
    reasons: tuple[Reason, ...] = ()
    again: bool = False
    cells: tuple[str, ...] = ()


def begin(table: Table, file_import: FileImport, s3: "S3Client", bucket: str) -> Upload:
    """Store a new import; returns where its file is to be sent."""
    imports.put(table, file_import)
    signed = s3.generate_presigned_post(
        bucket,
        f"{FILES_PREFIX}{file_import.id}",
        Conditions=[["content-length-range", 1, FILE_BYTES]],
        ExpiresIn=UPLOAD_SECONDS,
    )
    return Upload(address=signed["url"], fields=signed["fields"])


def find(table: Table, import_id: str, by: str | None = None) -> FileImport:
    """The import of that id.

    Raises:
        NotFound: there is none, or another than `by` brought it.

    """
    file_import = imports.get(table, import_id)
    if file_import is None or by not in (None, file_import.by):
        raise NotFound(import_id)
    return file_import


def confirm(
    table: Table, import_id: str, meaning: dict[str, str] | None, s3: "S3Client", bucket: str
) -> FileImport:
    """Agree what the columns mean, and let the rows be decided; resume one that runs or failed.

    Raises:
        NotFound: there is no such import.
        Conflict: the file has not arrived, is refused, or its columns were agreed before.
        FieldsInvalid: no such column or field.
        Stale: somebody else confirmed it at the same moment.

    """
    file_import = find(table, import_id)
    match file_import.state:
        case ImportState.PROPOSED:
            file_import = _agree_columns(table, file_import, meaning)
        case ImportState.RUNNING if not meaning:
            pass
        case ImportState.FAILED if not meaning:
            file_import = _resume(table, file_import)
        case state:
            raise Conflict(f"this import is {state}; there is nothing to confirm")
    s3.put_object(Bucket=bucket, Key=f"{CONFIRMED_PREFIX}{file_import.id}", Body=b"")
    return file_import


def _agree_columns(
    table: Table, file_import: FileImport, meaning: dict[str, str] | None
) -> FileImport:
    proposed = {column.name: column.meaning or "" for column in file_import.columns}
    agreed = check_meaning({**proposed, **(meaning or {})}, tuple(proposed))
    running = file_import.but(state=ImportState.RUNNING, meaning=agreed)
    if not imports.put(table, running):
        raise Stale("somebody else confirmed it at the same moment; look at it again")
    return running


def _resume(table: Table, file_import: FileImport) -> FileImport:
    """Go on from where it failed; pages that are counted are not done twice."""
    state = ImportState.RUNNING if file_import.meaning else ImportState.AWAITED
    resumed = file_import.but(state=state, refused=None)
    if not imports.put(table, resumed):
        raise Stale("somebody else confirmed it at the same moment; look at it again")
    return imports.get(table, file_import.id) or resumed


def release_import(
    table: Table, import_id: str, actor: Actor, s3: "S3Client", bucket: str
) -> FileImport:
    """Let all leads of a quiet import be worked from now on; resume a release that stopped.

    Raises:
        NotFound: there is no such import.
        Conflict: it was not kept quiet, or is not done yet, or was released before.
        Stale: somebody else released it at the same moment.

    """
    file_import = find(table, import_id)
    if not file_import.quiet or file_import.state not in (ImportState.DONE, ImportState.RELEASING):
        state = file_import.state if file_import.quiet else "not kept quiet"
        raise Conflict(f"this import is {state}; there is nothing to release")
    if file_import.state is ImportState.DONE:
        file_import = file_import.but(state=ImportState.RELEASING, released_by=actor)
        if not imports.put(table, file_import):
            raise Stale("somebody else released it at the same moment; look at it again")
    s3.put_object(Bucket=bucket, Key=f"{RELEASED_PREFIX}{file_import.id}", Body=b"")
    return file_import


def progress(table: Table, file_import: FileImport) -> ImportProgress:
    """How many rows have an outcome by now."""
    if file_import.outcomes:
        return ImportProgress(
            frozenset(range(file_import.pages)), file_import.outcomes, file_import.again
        )
    if file_import.state not in (ImportState.RUNNING, ImportState.FAILED):
        return ImportProgress(frozenset(), {}, 0)
    return imports.read_progress(table, file_import.id)


def count_released_leads(table: Table, file_import: FileImport) -> int:
    """How many leads of a quiet import are released by now."""
    if file_import.state is not ImportState.RELEASING:
        return file_import.released
    return sum(imports.released_counts(table, file_import.id).values())


def parse_page_number(text: str | None) -> int | None:
    """The number of a page, from 0; None if there is no `text`.

    Raises:
        FieldsInvalid: `text` is no such number.

    """
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise FieldsInvalid((Reason(code="page", text="page: a whole number from 0"),))
    return int(text)


def paged_rows(documents: Documents, import_id: str) -> PagedWork:
    """The rows of an import, in pages."""
    return PagedWork(documents, f"{PAGES_PREFIX}{import_id}", "rows/{:06d}.jsonl")


def put_outcomes(
    documents: Documents, import_id: str, number: int, outcomes: Sequence[RowOutcome]
) -> None:
    """Store what became of the rows of one page."""
    lines = b"\n".join(each.model_dump_json().encode("utf-8", "replace") for each in outcomes)
    documents.put(_outcomes_key(import_id, number), lines, JSON_LINES)


def read_outcomes(documents: Documents, import_id: str, number: int) -> tuple[RowOutcome, ...]:
    """What became of the rows of one page; empty until all of them are decided."""
    lines = documents.get(_outcomes_key(import_id, number)) or b""
    return tuple(RowOutcome.model_validate_json(line) for line in lines.splitlines())


def _outcomes_key(import_id: str, number: int) -> str:
    return f"{PAGES_PREFIX}{import_id}/outcomes/{number:06d}.jsonl"


def result_url(s3: "S3Client", bucket: str, file_import: FileImport) -> str:
    """The address of the result, good for `UPLOAD_SECONDS`.

    Raises:
        Conflict: the import is not done yet.

    """
    if file_import.state not in END_STATES:
        raise Conflict(f"this import is {file_import.state}; its result is made when all is done")
    name = json.dumps(f"{file_import.id}.csv")
    return s3.generate_presigned_url(
        "get_object",
        Params={
            "Bucket": bucket,
            "Key": f"{RESULTS_PREFIX}{file_import.id}.csv",
            "ResponseContentDisposition": f"attachment; filename={name}",
        },
        ExpiresIn=UPLOAD_SECONDS,
    )
