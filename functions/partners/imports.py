"""A partner's files of leads: where to send one, how far it has come, what became of each row.

The same is told as of leads posted one by one: of the partner's own submissions only.
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
    asked = routes.current_request
    source = authenticate_request(asked)
    found = FileImport(
        id=str(ULID()),
        source=source.id,
        by=_by(source),
        name=_name(asked),
        at=clock.now(),
    )
    upload = import_files.begin(table(), found, get_wiring().s3, get_wiring().raw_bucket)
    begun = PartnerUpload(import_id=found.id, upload=upload)
    return Response(HTTPStatus.CREATED, "application/json", begun.model_dump_json())


@routes.get(
    "/v1/imports/<import_id>",
    summary="How far a file has come, and what became of its rows",
    responses=description.PROGRESS_RESPONSES,
    openapi_extensions=description.PROGRESS_EXTENSIONS,
)
def get_import(import_id: str) -> Response[str]:
    """With the rows of one page (`page`, from 0), once they are all decided."""
    asked = routes.current_request
    source = authenticate_request(asked)
    found = import_files.find(table(), import_id, _by(source))
    number = import_files.parse_page_number(asked.query.get("page"))
    answer = _answer(found, import_files.progress(table(), found), source, number)
    body = answer.model_dump_json(exclude_none=True)
    return Response(HTTPStatus.OK, "application/json", body)


def _answer(
    found: FileImport, done: ImportProgress, source: PartnerSource, number: int | None
) -> ImportAnswer:
    outcomes = {outcome: done.outcomes.get(outcome.value, 0) for outcome in SubmissionOutcome}
    return ImportAnswer(
        import_id=found.id,
        state=found.state,
        name=found.name,
        refused=found.refused,
        rows=found.rows,
        done=done.rows,
        taken=outcomes[SubmissionOutcome.LEAD] + outcomes[SubmissionOutcome.MERGED],
        quarantined=outcomes[SubmissionOutcome.QUARANTINED],
        rejected=outcomes[SubmissionOutcome.REJECTED],
        next=number + 1 if number is not None and number + 1 < found.pages else None,
        outcomes=() if number is None else _rows(found, source, number),
    )


def _rows(found: FileImport, source: PartnerSource, number: int) -> tuple[RowAnswer, ...]:
    rows = import_files.read_outcomes(get_wiring().pages, found.id, number)
    told = ((row.line, look_up(table(), source.id, row.submission_id)) for row in rows)
    return tuple(
        RowAnswer.model_validate({**answer.model_dump(), "line": line}) for line, answer in told
    )


def _name(asked: http.Request) -> str:
    """Raises: Unreadable, FieldsInvalid."""
    name = (json_object(asked.body) if asked.body else {}).get("name", "")
    fault = storage_fault("name", name) if isinstance(name, str) else None
    if not isinstance(name, str) or fault:
        wrong = fault or Reason(code="wrong_type", text="name: must be text")
        raise FieldsInvalid((wrong,))
    return name[: import_files.LONGEST_NAME]


def _by(source: PartnerSource) -> str:
    return f"partner:{source.id}"
