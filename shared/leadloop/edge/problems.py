"""The caller's fault as RFC 9457 problem details, our fault as a bare 500; here and nowhere else.

Three kinds of "no": a business no is a value and not known here; the caller's fault is a
`LeadloopError` and has its status in `STATUS`; all else is ours, tells the caller nothing and is
tried again. Workers use this file too, so it knows no router: `http` makes answers of problems.
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
    """What an answer of media type problem+json says."""

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
    """Problem details; `more` are extension members, as JSON values.

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
    """The problem a caller's fault is answered with."""
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
    """What the caller may know of it: not whether something is there that is not theirs."""
    return NO_RESOURCE_DETAIL if type(error) is errors.NotFound else str(error)


class AttemptFailure(NamedTuple):
    """Work that failed for a reason nobody foresaw; it was reported, and is tried again."""

    error: Exception


class AttemptSuccess(NamedTuple, Generic[T]):
    """Work that did not fail, and what it gave."""

    value: T


def attempt(what: str, work: Callable[[], T]) -> AttemptSuccess[T] | AttemptFailure:
    """The one place that catches everything: a bad record never takes its neighbours along."""
    try:
        return AttemptSuccess(work())
    except Exception as error:  # noqa: BLE001  the guard itself
        log_fault(what, error)
        return AttemptFailure(error)
