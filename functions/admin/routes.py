"""A subject's routes, which know who calls, what they sent, and what the table holds."""

from collections.abc import Iterator
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
from leadloop.intake.fields.mapping import storage_fault
from leadloop.intake.text.bodies import json_object
from leadloop.model.base import EARLIEST, LATEST, Model, Reason
from leadloop.model.command import Actor
from leadloop.model.errors import FieldsInvalid, NotFound
from leadloop.model.facts import Facts, RecordRef
from leadloop.model.lead import Record
from leadloop.store.read import read

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PAGE_SIZE = 50
VERB = "do"  # of an action: its address says it
Cursor = Annotated[str | None, Query(description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]
M = TypeVar("M", bound=Model)


class Routes(http.Routes):
    """One subject of the API."""

    @property
    def caller(self) -> Caller:
        """Whom the token names."""
        return parse_caller(self.current_request.claims)

    def actor_for(self, right: Right) -> Actor:
        """Who does it; raises Forbidden for who may not."""
        return self.caller.actor_for(right, playbook().playbook)

    def permit(self, right: Right) -> None:
        """Raises: Forbidden."""
        self.caller.role(right)

    def body(self, shape: type[M], *, texts: bool = True) -> M:
        """What was sent; raises Unreadable or FieldsInvalid, which say all there is to mend.

        `texts`: every text is one that can be stored and shown, and not longer than a field's.
        """
        document = json_object(self.current_request.body) if self.request.body else {}
        found = _named_texts(document) if texts else ()
        faults = tuple(filter(None, (storage_fault(name, text) for name, text in found)))
        if faults:
            raise FieldsInvalid(faults)
        return validate_document(shape, document)


def describe_request(shape: type[Model]) -> dict[str, Any]:
    """The description of a route that reads `shape` with `Routes.body`."""
    schema = shape.model_json_schema()
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def describe_responses(shape: type[Model], *statuses: int) -> dict[int, OpenAPIResponse]:
    """The description of a route that says `shape` with other statuses than 200 alone."""
    content = {"application/json": OpenAPIResponseContentModel(model=shape)}
    return {
        status: OpenAPIResponse(description=HTTPStatus(status).phrase, content={**content})
        for status in statuses
    }


def validate_document(shape: type[M], document: object) -> M:
    """Raises: FieldsInvalid: one reason for each place that does not fit; never the value."""
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
    """Of what most callers get wrong, what they should have written."""
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
    """Each text by the name it has, however deep it lies."""
    left: list[tuple[str, object]] = [("", document)]
    while left:
        name, value = left.pop()
        match value:
            case str():
                yield name, value
            case dict():
                left += value.items()
                left += (("name", key) for key in value)
            case list():
                left += ((name, inner) for inner in value)


def to_utc(at: datetime | None) -> datetime | None:
    """What says no zone is UTC. Raises: FieldsInvalid: it is out of our time."""
    if at is None:
        return None
    zoned = at if at.tzinfo else at.replace(tzinfo=UTC)
    if not EARLIEST <= zoned <= LATEST:
        raise FieldsInvalid((Reason(code="moment", text=f"{at}: is before 1970 or after 2200"),))
    return zoned


def get_record(submission_id: str) -> Record:
    """The record of a submission, as it is now. Raises: NotFound."""
    ref = RecordRef(submission_id)
    found = Facts(read(table(), [ref])).record(ref)
    if found is None:
        raise NotFound(submission_id)
    return found


def get_lead_record(lead_id: str) -> Record:
    """The record of a lead. Raises: NotFound, also for a submission that founded none."""
    found = get_record(lead_id)
    if found.lead is None:
        raise NotFound(lead_id)
    return found
