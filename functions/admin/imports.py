"""Imports of files: upload, confirmation of the columns, progress, outcomes and result."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field
from ulid import ULID

from admin.roles import Right
from admin.routes import Cursor, Limit, M, Routes, describe_request, describe_responses
from leadloop.edge import clock, import_files
from leadloop.edge.act import table
from leadloop.edge.live_playbook import playbook
from leadloop.edge.wiring import get_wiring
from leadloop.intake.files.columns import Column
from leadloop.intake.policy import FileSource, PartnerSource
from leadloop.intake.tables.model import About
from leadloop.model.base import Model, Reason
from leadloop.model.errors import FieldsInvalid
from leadloop.store import imports as store
from leadloop.store import queries
from leadloop.store.imports import FileImport, ImportState, PreviewRow

IMPORTS = "/admin/v1/imports"
IMPORT_PATH = f"{IMPORTS}/<import_id>"
PAGE_SIZE = 20  # imports per page; each running one costs a query

routes = Routes()


class ImportRequest(Model):
    """The rows are judged as this source's, one of kind file or partner; `name` is for people."""

    source: str
    name: str = Field(default="", max_length=import_files.LONGEST_NAME)


class ImportUpload(Model):
    """Send the file to `upload`; it is read as soon as it is there."""

    import_id: str
    upload: import_files.Upload


class Meaning(Model):
    """Column → our name, where it is not as proposed; "" leaves a column out."""

    meaning: dict[str, str] = {}


class ImportView(Model):
    """How far it has come; `rows` are known once it runs, `again` came by an earlier import.

    What is `quiet` waits to be released: `released` are the leads that were.
    """

    import_id: str
    source: str
    name: str
    by: str
    state: ImportState
    refused: str | None
    about: About | None
    columns: tuple[Column, ...]
    meaning: dict[str, str]
    preview: tuple[PreviewRow, ...]
    rows: int
    done: int
    outcomes: dict[str, int]
    again: int
    quiet: bool
    released: int


class ImportRow(Model):
    """An import in the list of all; what is counted is as in its own view."""

    import_id: str
    source: str
    name: str
    by: str
    at: datetime
    state: ImportState
    refused: str | None
    rows: int
    done: int
    outcomes: dict[str, int]
    again: int
    quiet: bool
    released: int


class ImportRows(Model):
    """A page, newest first; `next` is the cursor of the following one."""

    rows: tuple[ImportRow, ...]
    next: str | None


class RowsView(Model):
    """The rows of a page, once they are all decided; `next` is the following page's number."""

    rows: tuple[import_files.RowOutcome, ...]
    next: int | None


class ResultView(Model):
    """One line for each row, as CSV; the address is good for an hour."""

    address: str


@routes.post(
    IMPORTS,
    summary="Send a file of rows",
    responses=describe_responses(ImportUpload, 201),
    openapi_extensions=describe_request(ImportRequest),
)
def post_import() -> Response[ImportUpload]:
    routes.permit(Right.IMPORT)
    body = routes.body(ImportRequest)
    source = playbook().playbook.sources.get(body.source)
    if not isinstance(source, FileSource | PartnerSource):
        text = f"source: “{body.source}” takes no files"
        raise FieldsInvalid((Reason(code="source", text=text),))
    file_import = FileImport(
        id=str(ULID()),
        source=source.id,
        by=routes.caller.subject,
        name=body.name,
        at=clock.now(),
        quiet=isinstance(source, FileSource) and source.quiet,
    )
    upload = import_files.begin(table(), file_import, get_wiring().s3, get_wiring().raw_bucket)
    answer = ImportUpload(import_id=file_import.id, upload=upload)
    return Response(HTTPStatus.CREATED, "application/json", answer)


@routes.get(IMPORTS, summary="Files of rows, newest first, and how far each has come")
def get_imports(cursor: Cursor = None, limit: Limit = PAGE_SIZE) -> ImportRows:
    routes.permit(Right.IMPORT)
    page = queries.import_ids(table(), limit, cursor)
    rows = (_build_view(ImportRow, each) for each in store.get_all(table(), page.rows))
    return ImportRows(rows=tuple(rows), next=page.cursor)


@routes.get(
    IMPORT_PATH, summary="How it was read, what its columns may mean, and how far it has come"
)
def get_import(import_id: str) -> ImportView:
    routes.permit(Right.IMPORT)
    return _import_view(import_files.find(table(), import_id))


@routes.post(
    f"{IMPORT_PATH}/confirm",
    summary="Agree what its columns mean and have it decided; one that stopped goes on",
    openapi_extensions=describe_request(Meaning),
)
def confirm(import_id: str) -> ImportView:
    routes.permit(Right.IMPORT)
    meaning = routes.body(Meaning).meaning
    bucket = get_wiring().raw_bucket
    return _import_view(import_files.confirm(table(), import_id, meaning, get_wiring().s3, bucket))


@routes.post(
    f"{IMPORT_PATH}/release",
    summary="Work all that it brought and was kept quiet; one that stopped goes on",
)
def release(import_id: str) -> ImportView:
    actor = routes.actor_for(Right.IMPORT)
    bucket = get_wiring().raw_bucket
    return _import_view(
        import_files.release_import(table(), import_id, actor, get_wiring().s3, bucket)
    )


@routes.get(f"{IMPORT_PATH}/rows", summary="What became of its rows, page by page")
def get_rows(import_id: str, page: Annotated[int, Query(ge=0)] = 0) -> RowsView:
    routes.permit(Right.IMPORT)
    file_import = import_files.find(table(), import_id)
    rows = import_files.read_outcomes(get_wiring().pages, import_id, page)
    return RowsView(rows=rows, next=page + 1 if page + 1 < file_import.pages else None)


@routes.get(f"{IMPORT_PATH}/result", summary="Where its result can be fetched, once it is done")
def get_result(import_id: str) -> ResultView:
    routes.permit(Right.EXPORT)
    file_import = import_files.find(table(), import_id)
    return ResultView(
        address=import_files.result_url(get_wiring().s3, get_wiring().raw_bucket, file_import)
    )


def _import_view(file_import: FileImport) -> ImportView:
    return _build_view(ImportView, file_import)


def _build_view(shape: type[M], file_import: FileImport) -> M:
    """The stored values of an import together with its counts."""
    progress = import_files.progress(table(), file_import)
    stored = file_import.model_dump(include=set(shape.model_fields))
    counted = {"done": progress.rows, "outcomes": progress.outcomes, "again": progress.again}
    released = import_files.count_released_leads(table(), file_import)
    values = {**stored, **counted, "released": released, "import_id": file_import.id}
    return shape.model_validate(values)
