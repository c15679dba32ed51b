"""A caller's fault as problem details (RFC 9457), and the guard that catches faults of ours.

There are three kinds of "no". A business no is a value, and not known here. A caller's fault is a
`LeadloopError`, whose status is in `STATUS`. All else is our fault: the caller learns nothing of
it, and the work is tried again. Workers use this file too, so it knows no router.
"""

import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Generic, NamedTuple, TypeVar

from leadloop.edge.telemetry import log_fault
from leadloop.model import errors

T = TypeVar("T")
MEDIA_TYPE = "application/problem+json"
STATUS: dict[type[errors.LeadloopError], HTTPStatus] = {
    errors.Unreadable: HTTPStatus.BAD_REQUEST,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.FieldsInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.NotYet: HTTPStatus.NOT_FOUND,
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
NO_RESOURCE_DETAIL = "Nothing is here, or it is not yours to see."


class Problem(NamedTuple):
    """Problem details: HTTP status, body as JSON, and headers."""

    status: int
    body: str
    headers: dict[str, str]


def build_problem(
    status: int,
    detail: str,
    *,
    kind: str | None = None,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> Problem:
    """Problem details (RFC 9457); `more` are extension members, as JSON values.

    `kind` ends the type URI; without it the type is `about:blank` and the status says all.
    """
    body = {
        "type": f"urn:leadloop:problem:{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        **more,
    }
    return Problem(int(status), json.dumps(body, ensure_ascii=False), dict(headers or {}))


def problem_from_error(error: errors.LeadloopError) -> Problem:
    """The problem details of a caller's fault."""
    match error:
        case errors.FieldsInvalid(reasons=reasons):
            more = {"errors": [reason.model_dump(exclude_none=True) for reason in reasons]}
        case errors.PlaybookInvalid(faults=faults):
            more = {"errors": [{"code": "playbook_invalid", "text": text} for text in faults]}
        case _:
            more = {}
    return build_problem(
        STATUS[type(error)],
        public_detail(error),
        kind=re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower(),
        headers=RETRY_AFTER if isinstance(error, errors.Busy) else None,
        **more,
    )


def public_detail(error: errors.LeadloopError) -> str:
    """The text for the caller. It does not tell whether something exists that is another's."""
    return NO_RESOURCE_DETAIL if type(error) is errors.NotFound else str(error)


class AttemptFailure(NamedTuple):
    """Work that failed by an unexpected error; it was logged, and is to be tried again."""

    error: Exception


class AttemptSuccess(NamedTuple, Generic[T]):
    """Work that did not fail, and its result."""

    value: T


def attempt(what: str, work: Callable[[], T]) -> AttemptSuccess[T] | AttemptFailure:
    """Call `work` and catch every error: a bad record must not harm its neighbours.

    `what` names the work in the log.
    """
    try:
        return AttemptSuccess(work())
    except Exception as error:  # noqa: BLE001  the guard itself
        log_fault(what, error)
        return AttemptFailure(error)
