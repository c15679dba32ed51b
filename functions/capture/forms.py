"""Landing-page forms: shown, and refused at once with what to mend or queued before we answer.

The message that `put` sends is the raw record, so a 202 means: durable.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from aws_lambda_powertools.event_handler import Response
from ulid import ULID

from capture.touches import links
from leadloop.content.links import Shown
from leadloop.edge import clock, problems
from leadloop.edge.http import Request, Routes, refused
from leadloop.edge.live_sources import sources
from leadloop.edge.telemetry import taken
from leadloop.edge.wiring import wired
from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.forms.read import most_bytes, other_wording, understood
from leadloop.intake.forms.redirect import thanks_of
from leadloop.intake.public_sources import FormDoor
from leadloop.intake.text.bodies import document_of, refuse_beyond
from leadloop.intake.text.character_references import shown
from leadloop.intake.text.media_types import FORM_TYPES, media_type
from leadloop.model.base import Model
from leadloop.model.errors import FieldsInvalid, Forbidden, LeadloopError, NotFound, TooLarge
from leadloop.model.submission import Channel

KEY_FIELD, KEY_LENGTH = "submission_key", 200
TOKEN_FIELD = "page_token"  # noqa: S105  a signed time, no secret

routes = Routes()


class Accepted(Model):
    """By this id the submission is known from now on."""

    submission_id: str


@routes.get("/f/<form>")
def show(form: str) -> Response[str]:
    """The form's page, and its script at the same address with `.js`."""
    # Most calls are posts of scripts, which need none of it.
    from capture import form_page  # noqa: PLC0415

    if form.endswith(form_page.DEVICE):
        return form_page.device_script()
    if form.endswith(form_page.SCRIPT):
        return form_page.script(_form(form.removesuffix(form_page.SCRIPT)), routes.asked)
    if sources().form(form) is None and _by_person(routes.asked):
        from capture import link_pages  # noqa: PLC0415  the same

        return link_pages.unknown_form(routes.asked)
    return form_page.page(_form(form), routes.asked)


@routes.post("/f/<form>")
def post(form: str) -> Response[str]:
    """202 with the id, or 303 to the form's thank-you page for a browser without a script."""
    source, request = _form(form), routes.asked
    try:
        _refuse_foreign(source, request)
        refuse_beyond(most_bytes(source), request.body)
        document = document_of(request.content_type, request.body)
        answer = _answer(source, request, document, _take(source, request, document))
    except (FieldsInvalid, TooLarge) as error:
        answer = _page_again(source, request, error) or refused(problems.of(error))
    except LeadloopError as error:
        answer = refused(problems.of(error))
    answer.headers.update(_cors(source, request.origin))
    return answer


@routes.route("/f/<form>", method="OPTIONS")
def preflight(form: str) -> Response[str]:
    """Which pages' scripts may post here, and what."""
    source, request = _form(form), routes.asked
    _refuse_foreign(source, request)
    headers = {
        **_cors(source, request.origin),
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=dict(headers))


def _form(name: str) -> FormDoor:
    source = sources().form(name)
    if source is None:
        raise NotFound(f"no form {name}")
    return source


def _take(source: FormDoor, request: Request, document: Mapping[str, object]) -> str:
    key = _key(document)
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
        shown_at=_shown_at(source, document),
    )
    understood(document, source, other_wording(document, source))
    wired().submissions.put(envelope)
    taken(source.id, envelope.id)
    return envelope.id


def _key(document: Mapping[str, object]) -> str | None:
    """Made once per page load, so that a double click is one submission."""
    key = document.get(KEY_FIELD)
    return shown(key[:KEY_LENGTH]) if isinstance(key, str) and key.strip() else None


def _shown_at(source: FormDoor, document: Mapping[str, object]) -> datetime | None:
    """When we made the page that this was posted from, if the form wants to know."""
    token = document.get(TOKEN_FIELD)
    if not source.minimum_seconds or not isinstance(token, str):
        return None
    said = links().read(token, Shown)
    if said is None or said.form != source.id:
        return None
    return datetime.fromtimestamp(int(said.at) / 1000, UTC)


def _answer(
    source: FormDoor, request: Request, document: Mapping[str, object], submission: str
) -> Response[str]:
    wants_json = "application/json" in request.headers.get("accept", "")
    if media_type(request.content_type) in FORM_TYPES and not wants_json:
        said = urlencode({"sent": 1, **{k: v for k, v in request.query.items() if k == "lang"}})
        own = f"{source.id}?{said}" if _by_person(request) else None
        if address := thanks_of(document, source) or own:
            return Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": address})
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        body=Accepted(submission_id=submission).model_dump_json(),
        headers={},
    )


def _page_again(
    source: FormDoor, request: Request, error: FieldsInvalid | TooLarge
) -> Response[str] | None:
    """For a browser without a script; who else asks is told in a problem."""
    if not _by_person(request) or media_type(request.content_type) not in FORM_TYPES:
        return None
    from capture import form_page  # noqa: PLC0415  the same as above

    if isinstance(error, TooLarge):
        return form_page.too_large(source, request)
    document = document_of(request.content_type, request.body)
    return form_page.again(source, request, document, error)


def _by_person(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _refuse_foreign(source: FormDoor, request: Request) -> None:
    """Who calls without an origin is no browser: no person was led there by a foreign page."""
    origin = request.origin
    if not origin or not source.allowed_origins or origin in source.allowed_origins:
        return
    if urlsplit(origin).netloc != request.host:  # else it is our own hosted page
        raise Forbidden(f"The form “{source.id}” takes nothing from {origin}.")


def _cors(source: FormDoor, origin: str | None) -> dict[str, str]:
    allowed = origin if origin in source.allowed_origins or not source.allowed_origins else None
    return {"Vary": "Origin"} | ({"Access-Control-Allow-Origin": allowed} if allowed else {})
