"""What all routes of the admin API need: the caller, the body, and records of the table."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.openapi.types import (
    OpenAPIResponse,
    OpenAPIResponseContentModel,
)
from pydantic import ValidationError

from admin.roles import Caller, Right, parse_caller
from leadloop.edge import http
from leadloop.edge.act import table
from leadloop.edge.live_playbook import playbook
from leadloop.edge.received_mail import REPLY_SOURCE, UNKNOWN_SOURCE
from leadloop.intake.fields.mapping import storage_fault
from leadloop.intake.replay import PARSERS
from leadloop.intake.text.bodies import json_object
from leadloop.model.base import EARLIEST, LATEST, Model, Reason
from leadloop.model.command import Actor
from leadloop.model.errors import FieldsInvalid, NotFound
from leadloop.model.facts import Facts
from leadloop.model.lead import Record, RecordRef
from leadloop.model.stored_lead import StoredLead
from leadloop.store.leads import read_lead
from leadloop.store.read import read

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PAGE_SIZE = 50
MOST_QUOTED = 60  # characters of a refused value
VERB = "do"  # the field of an action that its address already tells
Cursor = Annotated[str | None, Query(description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]
M = TypeVar("M", bound=Model)


class Routes(http.Routes):
    """The routes of one subject of the API."""

    @property
    def caller(self) -> Caller:
        """The person whom the token names."""
        return parse_caller(self.current_request.claims)

    def actor_for(self, right: Right) -> Actor:
        """The caller as the one who acts.

        Raises:
            Forbidden: the caller has not the right.

        """
        return self.caller.actor_for(right, playbook().playbook)

    def permit(self, right: Right) -> None:
        """Raise Forbidden unless the caller has the right."""
        self.caller.role(right)

    def body(self, shape: type[M], *, texts: bool = True) -> M:
        """The JSON body as a `shape`; an empty body counts as `{}`.

        With `texts`, every text must be fit for storage and not longer than a field allows.

        Raises:
            Unreadable: the body is no JSON object.
            FieldsInvalid: it names every fault.

        """
        document = json_object(self.current_request.body) if self.request.body else {}
        named_texts = _named_texts(document) if texts else ()
        faults = tuple(filter(None, (storage_fault(name, text) for name, text in named_texts)))
        if faults:
            raise FieldsInvalid(faults)
        return validate_document(shape, document)


def describe_request(shape: type[Model]) -> dict[str, Any]:
    """The OpenAPI part of a route that reads its body as `shape`."""
    schema = shape.model_json_schema()
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def describe_responses(shape: type[Model], *statuses: int) -> dict[int, OpenAPIResponse]:
    """The OpenAPI part of a route that answers `shape` with these statuses."""
    content = {"application/json": OpenAPIResponseContentModel(model=shape)}
    return {
        status: OpenAPIResponse(description=HTTPStatus(status).phrase, content={**content})
        for status in statuses
    }


def validate_document(shape: type[M], document: object) -> M:
    """The document as a `shape`.

    Raises:
        FieldsInvalid: a reason for each place that does not fit; it never repeats the value.

    """
    try:
        return shape.model_validate(document)
    except ValidationError as error:
        raise FieldsInvalid(
            tuple(
                Reason(
                    code=fault["type"],
                    text=f"{_fault_path(fault['loc'])}: {_fault_text(shape, fault)}",
                )
                for fault in error.errors(include_input=False, include_url=False)
            )
        ) from None


def _fault_path(location: tuple[int | str, ...]) -> str:
    """The dotted path of the place: `contact.email`; `body` for the whole."""
    return ".".join(map(str, location)) or "body"


def _fault_text(shape: type[Model], fault: "ErrorDetails") -> str:
    """The text of a fault; for common mistakes it says what to write instead."""
    match fault["type"]:
        case "missing":
            return "is required"
        case "extra_forbidden" if len(fault["loc"]) == 1:
            known = [name for name in shape.model_fields if name != VERB]
            return f"is not known here; known are {', '.join(known) or 'no fields'}"
        case "extra_forbidden":
            return "is not known here"
        case _:
            return fault["msg"]


def _named_texts(document: object) -> Iterator[tuple[str, str]]:
    """All texts of a document, at any depth, each with the name of its field."""
    pending: list[tuple[str, object]] = [("", document)]
    while pending:
        name, value = pending.pop()
        match value:
            case str():
                yield name, value
            case dict():
                pending += value.items()
                pending += (("name", key) for key in value)
            case list():
                pending += ((name, inner) for inner in value)


def to_utc(at: datetime | None) -> datetime | None:
    """The moment with a zone; one without a zone is in UTC.

    Raises:
        FieldsInvalid: it is before 1970 or after 2200.

    """
    if at is None:
        return None
    zoned = at if at.tzinfo else at.replace(tzinfo=UTC)
    if not EARLIEST <= zoned <= LATEST:
        raise FieldsInvalid((Reason(code="moment", text=f"{at}: is before 1970 or after 2200"),))
    return zoned


def refuse_unknown_value(
    name: str, value: str | None, known: Iterable[str], *, found: bool = False
) -> None:
    """Raise FieldsInvalid for a filter's value that is not known. None is no filter.

    What is `found` by a value is shown although nothing knows the value any more: a rep who left.
    """
    names = sorted(known)
    if value is None or found or value in names:
        return
    text = f"{name}: “{value[:MOST_QUOTED]}” is not known; known are {', '.join(names) or 'none'}"
    raise FieldsInvalid((Reason(code="unknown_value", text=text),))


def refuse_unknown_parser(parser: str | None) -> None:
    """Raise FieldsInvalid for a reader that never was, whatever its number."""
    name, slash, number = (parser or "").partition("/")
    if slash and number.isdecimal() and name in PARSERS:
        return
    refuse_unknown_value("parser", parser, (f"{each}/<number>" for each in PARSERS))


def refuse_unknown_source(source: str | None, *, found: bool = False) -> None:
    """Raise FieldsInvalid for what is neither a source of the playbook nor one of our own."""
    sources = (*playbook().playbook.sources, UNKNOWN_SOURCE, REPLY_SOURCE)
    refuse_unknown_value("source", source, sources, found=found)


def get_record(submission_id: str) -> Record:
    """The record of a submission, as it is now. Raises: NotFound."""
    ref = RecordRef(submission_id)
    record = Facts(read(table(), [ref])).get(ref)
    if record is None:
        raise NotFound(submission_id)
    return record


def get_stored_lead(lead_id: str) -> StoredLead:
    """A lead with its person. Raises: NotFound, also for a submission without a lead."""
    stored = read_lead(table(), lead_id)
    if stored is None:
        raise NotFound(lead_id)
    return stored
