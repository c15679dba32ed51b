"""Files of rows at the doors: an address to send one to, and how far it has come.

Nothing here reads a file. Its arrival below `files/`, or a word below `confirmed/` or `released/`,
starts the flow that does; so a door needs no right to start anything.
"""

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from leadloop.intake.files.columns import check_meaning
from leadloop.model.base import Model, Reason
from leadloop.model.command import Actor
from leadloop.model.errors import Conflict, FieldsInvalid, NotFound, Stale
from leadloop.model.lead import SubmissionOutcome
from leadloop.store import imports
from leadloop.store.imports import FileImport, ImportProgress, ImportState
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
FILE_BYTES = 100_000_000
END_STATES = (ImportState.DONE, ImportState.RELEASING, ImportState.RELEASED)
UPLOAD_SECONDS = 3_600  # seconds that an address is good for
LONGEST_NAME = 200


class Upload(Model):
    """Post the file there as a form: `fields` first, then `file`; within `seconds`."""

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


def begin(table: Table, found: FileImport, s3: "S3Client", bucket: str) -> Upload:
    """Keep it, and say where the file is to be sent."""
    imports.put(table, found)
    signed = s3.generate_presigned_post(
        bucket,
        f"{FILES_PREFIX}{found.id}",
        Conditions=[["content-length-range", 1, FILE_BYTES]],
        ExpiresIn=UPLOAD_SECONDS,
    )
    return Upload(address=signed["url"], fields=signed["fields"])


def find(table: Table, import_id: str, by: str | None = None) -> FileImport:
    """Raises: NotFound: there is none, or somebody else brought it."""
    found = imports.get(table, import_id)
    if found is None or by not in (None, found.by):
        raise NotFound(import_id)
    return found


def confirm(
    table: Table, import_id: str, meaning: dict[str, str] | None, s3: "S3Client", bucket: str
) -> FileImport:
    """Agree what the columns mean, and have the rows decided; go on with one that runs or failed.

    Raises:
        NotFound: there is no such import.
        Conflict: the file is not there yet, is refused, or its columns were agreed before.
        FieldsInvalid: no such column or field.
        Stale: somebody else confirmed it at the same moment.

    """
    found = find(table, import_id)
    match found.state:
        case ImportState.PROPOSED:
            found = _agree_columns(table, found, meaning)
        case ImportState.RUNNING if not meaning:
            pass
        case ImportState.FAILED if not meaning:
            found = _resume(table, found)
        case state:
            raise Conflict(f"this import is {state}; there is nothing to confirm")
    s3.put_object(Bucket=bucket, Key=f"{CONFIRMED_PREFIX}{found.id}", Body=b"")
    return found


def _agree_columns(table: Table, found: FileImport, meaning: dict[str, str] | None) -> FileImport:
    proposed = {column.name: column.meaning or "" for column in found.columns}
    agreed = check_meaning({**proposed, **(meaning or {})}, tuple(proposed))
    running = found.but(state=ImportState.RUNNING, meaning=agreed)
    if not imports.put(table, running):
        raise Stale("somebody else confirmed it at the same moment; look at it again")
    return running


def _resume(table: Table, found: FileImport) -> FileImport:
    """From where it failed; what is counted is not done twice."""
    state = ImportState.RUNNING if found.meaning else ImportState.AWAITED
    tried = found.but(state=state, refused=None)
    if not imports.put(table, tried):
        raise Stale("somebody else confirmed it at the same moment; look at it again")
    return imports.get(table, found.id) or tried


def release_import(
    table: Table, import_id: str, actor: Actor, s3: "S3Client", bucket: str
) -> FileImport:
    """Have all that it brought, and was kept quiet, worked from now on; of one that stopped, go on.

    Raises:
        NotFound: there is no such import.
        Conflict: it was not kept quiet, or is not done yet, or was released before.
        Stale: somebody else released it at the same moment.

    """
    found = find(table, import_id)
    if not found.quiet or found.state not in (ImportState.DONE, ImportState.RELEASING):
        kept = found.state if found.quiet else "not kept quiet"
        raise Conflict(f"this import is {kept}; there is nothing to release")
    if found.state is ImportState.DONE:
        found = found.but(state=ImportState.RELEASING, released_by=actor)
        if not imports.put(table, found):
            raise Stale("somebody else released it at the same moment; look at it again")
    s3.put_object(Bucket=bucket, Key=f"{RELEASED_PREFIX}{found.id}", Body=b"")
    return found


def progress(table: Table, found: FileImport) -> ImportProgress:
    """What is counted by now."""
    if found.outcomes:
        return ImportProgress(frozenset(range(found.pages)), found.outcomes, found.again)
    if found.state not in (ImportState.RUNNING, ImportState.FAILED):
        return ImportProgress(frozenset(), {}, 0)
    return imports.read_progress(table, found.id)


def count_released_leads(table: Table, found: FileImport) -> int:
    """How many leads by now."""
    if found.state is not ImportState.RELEASING:
        return found.released
    return sum(imports.released_counts(table, found.id).values())


def parse_page_number(said: str | None) -> int | None:
    """Raises: FieldsInvalid."""
    if said is None:
        return None
    if not said.isascii() or not said.isdigit() or len(said) > 6:
        raise FieldsInvalid((Reason(code="page", text="page: a whole number from 0"),))
    return int(said)


def page_key(import_id: str, number: int) -> str:
    """Where a page's rows wait."""
    return f"{PAGES_PREFIX}{import_id}/rows/{number:06d}.jsonl"


def outcomes_key(import_id: str, number: int) -> str:
    """Where it stands what became of a page's rows."""
    return f"{PAGES_PREFIX}{import_id}/outcomes/{number:06d}.jsonl"


def read_outcomes(
    s3: "S3Client", bucket: str, import_id: str, number: int
) -> tuple[RowOutcome, ...]:
    """Of the rows of one page; none while they are not all decided."""
    try:
        found = s3.get_object(Bucket=bucket, Key=outcomes_key(import_id, number))["Body"].read()
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_FOUND:
            return ()
        raise
    return tuple(RowOutcome.model_validate_json(line) for line in found.splitlines())


def result_url(s3: "S3Client", bucket: str, found: FileImport) -> str:
    """Where the result can be fetched for a while. Raises: Conflict: it is not done yet."""
    if found.state not in END_STATES:
        raise Conflict(f"this import is {found.state}; its result is made when all is done")
    name = json.dumps(f"{found.id}.csv")
    return s3.generate_presigned_url(
        "get_object",
        Params={
            "Bucket": bucket,
            "Key": f"{RESULTS_PREFIX}{found.id}.csv",
            "ResponseContentDisposition": f"attachment; filename={name}",
        },
        ExpiresIn=UPLOAD_SECONDS,
    )
