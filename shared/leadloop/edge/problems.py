"""The caller's fault as RFC 9457 problem details, our fault as a bare 500; here and nowhere else.

Three kinds of "no": a business no is a value and not known here; the caller's fault is a
`LeadloopError` and has its status in `STATUS`; all else is ours, tells the caller nothing and is
tried again.
"""

import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Generic, NamedTuple, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError, ServiceError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from botocore.exceptions import BotoCoreError, ClientError

from leadloop.edge.telemetry import fault
from leadloop.model import errors
from leadloop.model.base import Reason

T = TypeVar("T")
MEDIA_TYPE = "application/problem+json"
STATUS: dict[type[errors.LeadloopError], HTTPStatus] = {
    errors.Unreadable: HTTPStatus.BAD_REQUEST,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.FieldsInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.IllegalMove: HTTPStatus.CONFLICT,
    errors.KeyReused: HTTPStatus.CONFLICT,
    errors.Stale: HTTPStatus.PRECONDITION_FAILED,
    errors.VersionUnnamed: HTTPStatus.PRECONDITION_REQUIRED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.PlaybookInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
}
RETRY_AFTER = {"Retry-After": "1"}
NOTHING_HERE = "Nothing is here, or it is not yours to see."


def problem(
    status: int,
    detail: str,
    *,
    kind: str | None = None,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> Response[str]:
    """An answer of media type problem+json; `more` are extension members, as JSON values.

    `kind` ends the type URI; without it the type is `about:blank` and the status says all.
    """
    body = {
        "type": f"urn:leadloop:problem:{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        **more,
    }
    return Response(
        status_code=int(status),
        content_type=MEDIA_TYPE,
        body=json.dumps(body, ensure_ascii=False),
        headers=dict(headers or {}),
    )


def answer(error: errors.LeadloopError) -> Response[str]:
    """The problem a caller's fault is answered with."""
    match error:
        case errors.FieldsInvalid(reasons=reasons):
            more = {"errors": [reason.model_dump() for reason in reasons]}
        case errors.PlaybookInvalid(faults=faults):
            more = {"errors": [{"code": "playbook_invalid", "text": text} for text in faults]}
        case _:
            more = {}
    return problem(
        STATUS[type(error)],
        NOTHING_HERE if isinstance(error, errors.NotFound) else str(error),
        kind=re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower(),
        headers=RETRY_AFTER if isinstance(error, errors.Busy) else None,
        **more,
    )


def install(app: APIGatewayRestResolver) -> None:
    """Let `app` answer every exception with a problem; routes simply raise."""

    def callers(error: errors.LeadloopError) -> Response[str]:
        return answer(error)

    def routers(error: ServiceError) -> Response[str]:
        detail = NOTHING_HERE if isinstance(error, NotFoundError) else error.msg
        return problem(error.status_code, str(detail))

    def typed(error: RequestValidationError) -> Response[str]:
        return answer(_to_mend(error))

    def aws(error: BotoCoreError | ClientError) -> Response[str]:
        fault("AWS did not answer", error)
        detail = "Something we need did not answer; nothing is lost on your side, try again."
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=RETRY_AFTER)

    def ours(error: Exception) -> Response[str]:
        fault("A request failed", error)
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Our fault; it was reported.")

    app.exception_handler(errors.LeadloopError)(callers)
    app.exception_handler(ServiceError)(routers)
    app.exception_handler(RequestValidationError)(typed)
    app.exception_handler([BotoCoreError, ClientError])(aws)
    app.exception_handler(Exception)(ours)
    app.not_found(routers)


def _to_mend(error: RequestValidationError) -> errors.Unreadable:
    """Each place named as the caller wrote it; the values found there are not repeated."""
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return errors.Unreadable("The body is no JSON.")
    return errors.FieldsInvalid(
        tuple(
            Reason(
                code=fault["type"],
                text=f"{'.'.join(map(str, fault['loc'][1:])) or fault['loc'][0]}: {fault['msg']}",
            )
            for fault in faults
        )
    )


class Fault(NamedTuple):
    """Work that failed for a reason nobody foresaw; it was reported, and is tried again."""

    error: Exception


class Done(NamedTuple, Generic[T]):
    """Work that did not fail, and what it gave."""

    value: T


def attempt(what: str, work: Callable[[], T]) -> Done[T] | Fault:
    """The one place that catches everything: a bad record never takes its neighbours along."""
    try:
        return Done(work())
    except Exception as error:  # noqa: BLE001  the guard itself
        fault(what, error)
        return Fault(error)
