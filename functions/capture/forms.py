"""Landing-page forms: refused at once with what to mend, or in the queue before we answer.

The message that `put` sends is the raw record, so a 202 means: durable.
"""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from ulid import ULID

from leadloop.edge import clock, problems
from leadloop.edge.http import Request, refused
from leadloop.edge.sources import sources
from leadloop.edge.wiring import wired
from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.form import (
    FORM_BYTES,
    check_form,
    document_of,
    media_type,
    refuse_beyond,
)
from leadloop.intake.policy import FormSource
from leadloop.model.base import Model
from leadloop.model.errors import Forbidden, LeadloopError, NotFound
from leadloop.model.submission import Channel

KEY_FIELD, KEY_LENGTH = "submission_key", 200


class Accepted(Model):
    """By this id the submission is known from now on."""

    submission_id: str


def post(form: str, request: Request) -> Response[str]:
    """202 with the id, or 303 to the form's thank-you page for a browser without a script."""
    source = _form(form)
    try:
        _refuse_foreign(source, request.origin)
        answer = _answer(source, request, _take(source, request))
    except LeadloopError as error:
        answer = refused(problems.of(error))
    answer.headers.update(_cors(source, request.origin))
    return answer


def preflight(form: str, request: Request) -> Response[str]:
    """Which pages' scripts may post here, and what."""
    source = _form(form)
    _refuse_foreign(source, request.origin)
    headers = {
        **_cors(source, request.origin),
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=dict(headers))


def _form(name: str) -> FormSource:
    source = sources().form(name)
    if source is None:
        raise NotFound(f"no form {name}")
    return source


def _take(source: FormSource, request: Request) -> str:
    refuse_beyond(FORM_BYTES, request.body)
    key = _key(request)
    envelope = Envelope(
        id=submission_id(source.id, key) if key else str(ULID()),
        source=source.id,
        channel=Channel.FORM,
        received_at=clock.now(),
        sha256=sha256(request.body),
        size=len(request.body),
        body=request.body,
        key=key,
        content_type=request.content_type,
        ip=request.ip,
        user_agent=request.user_agent,
        origin=request.origin,
        referer=request.referer,
    )
    check_form(envelope, request.body, source)
    wired().submissions.put(envelope)
    return envelope.id


def _key(request: Request) -> str | None:
    """Made once per page load, so that a double click is one submission."""
    key = document_of(request.content_type, request.body).get(KEY_FIELD)
    return key[:KEY_LENGTH] if isinstance(key, str) and key.strip() else None


def _answer(source: FormSource, request: Request, submission: str) -> Response[str]:
    by_browser = media_type(request.content_type) == "application/x-www-form-urlencoded"
    wants_json = "application/json" in request.headers.get("accept", "")
    if source.thank_you and by_browser and not wants_json:
        return Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": source.thank_you})
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        body=Accepted(submission_id=submission).model_dump_json(),
        headers={},
    )


def _refuse_foreign(source: FormSource, origin: str | None) -> None:
    """Who calls without an origin is no browser: no person was led there by a foreign page."""
    if origin and source.allowed_origins and origin not in source.allowed_origins:
        raise Forbidden(f"The form “{source.id}” takes nothing from {origin}.")


def _cors(source: FormSource, origin: str | None) -> dict[str, str]:
    allowed = origin if origin in source.allowed_origins or not source.allowed_origins else None
    return {"Vary": "Origin"} | ({"Access-Control-Allow-Origin": allowed} if allowed else {})
