"""A partner's files of leads: the upload, the progress, and the outcome of each row.

The answers are those about single leads: only the partner's own submissions are shown.
"""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from ulid import ULID

from leadloop.edge import clock, http, import_files
from leadloop.edge.act import table
from leadloop.edge.wiring import get_wiring
from leadloop.intake.fields.mapping import storage_fault
from leadloop.intake.policy import PartnerSource
from leadloop.intake.text.bodies import json_object
from leadloop.model.base import Model, Reason
from leadloop.model.errors import FieldsInvalid
from leadloop.model.lead import SubmissionOutcome
from leadloop.store.imports import FileImport, ImportProgress, ImportState
from partners import description
from partners.answer import PartnerAnswer
from partners.leads import authenticate_request
from partners.lookup import look_up

routes = http.Routes()


class PartnerUpload(Model):
    """Send the file to `upload`; it is read as soon as it is there."""

    import_id: str
    upload: import_files.Upload


class ImportAnswer(Model):
    """How far it has come. `taken` are leads, whether new or sent before: the rows tell which."""

    import_id: str
    state: ImportState
    name: str
    refused: str | None = None
    rows: int
    done: int
    taken: int
    quarantined: int
    rejected: int
    next: int | None = None
    outcomes: tuple["RowAnswer", ...] = ()


class RowAnswer(PartnerAnswer):
    """What became of the row that begins at `line`."""

    line: int


@routes.post(
    "/v1/imports",
    summary="Send a file of leads",
    responses=description.UPLOAD_RESPONSES,
    openapi_extensions=description.UPLOAD_EXTENSIONS,
)
def post_import() -> Response[str]:
    """A place to send it to. CSV, XLSX, XLS, ODS or JSON lines; the fields as agreed for posts."""
    request = routes.current_request
    source = authenticate_request(request)
    file_import = FileImport(
        id=str(ULID()),
        source=source.id,
        by=_by(source),
        name=_name(request),
        at=clock.now(),
    )
    upload = import_files.begin(table(), file_import, get_wiring().s3, get_wiring().raw_bucket)
    answer = PartnerUpload(import_id=file_import.id, upload=upload)
    return Response(HTTPStatus.CREATED, "application/json", answer.model_dump_json())


@routes.get(
    "/v1/imports/<import_id>",
    summary="How far a file has come, and what became of its rows",
    responses=description.PROGRESS_RESPONSES,
    openapi_extensions=description.PROGRESS_EXTENSIONS,
)
def get_import(import_id: str) -> Response[str]:
    """With the rows of one page (`page`, from 0), once they are all decided."""
    request = routes.current_request
    source = authenticate_request(request)
    file_import = import_files.find(table(), import_id, _by(source))
    number = import_files.parse_page_number(request.query.get("page"))
    answer = _answer(file_import, import_files.progress(table(), file_import), source, number)
    body = answer.model_dump_json(exclude_none=True)
    return Response(HTTPStatus.OK, "application/json", body)


def _answer(
    file_import: FileImport, progress: ImportProgress, source: PartnerSource, number: int | None
) -> ImportAnswer:
    outcomes = {outcome: progress.outcomes.get(outcome.value, 0) for outcome in SubmissionOutcome}
    return ImportAnswer(
        import_id=file_import.id,
        state=file_import.state,
        name=file_import.name,
        refused=file_import.refused,
        rows=file_import.rows,
        done=progress.rows,
        taken=outcomes[SubmissionOutcome.LEAD] + outcomes[SubmissionOutcome.MERGED],
        quarantined=outcomes[SubmissionOutcome.QUARANTINED],
        rejected=outcomes[SubmissionOutcome.REJECTED],
        next=number + 1 if number is not None and number + 1 < file_import.pages else None,
        outcomes=() if number is None else _rows(file_import, source, number),
    )


def _rows(file_import: FileImport, source: PartnerSource, number: int) -> tuple[RowAnswer, ...]:
    rows = import_files.read_outcomes(get_wiring().pages, file_import.id, number)
    answers = ((row.line, look_up(table(), source.id, row.submission_id)) for row in rows)
    return tuple(
        RowAnswer.model_validate({**answer.model_dump(), "line": line}) for line, answer in answers
    )


def _name(request: http.Request) -> str:
    """The file's name in the body. Raises: Unreadable, FieldsInvalid."""
    name = (json_object(request.body) if request.body else {}).get("name", "")
    fault = storage_fault("name", name) if isinstance(name, str) else None
    if not isinstance(name, str) or fault:
        reason = fault or Reason(code="wrong_type", text="name: must be text")
        raise FieldsInvalid((reason,))
    return name[: import_files.LONGEST_NAME]


def _by(source: PartnerSource) -> str:
    return f"partner:{source.id}"
