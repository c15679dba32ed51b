"""Landing-page forms: their pages, and their posts, which are refused with faults or queued.

The queue message is the raw record. So 202 means that the submission is stored durably.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import islice
from urllib.parse import urlencode, urlsplit

from aws_lambda_powertools.event_handler import Response
from ulid import ULID

from capture.addresses import address_faults
from capture.touches import links
from leadloop.content.links import FormPageTime
from leadloop.edge import clock, problems
from leadloop.edge.http import Request, Routes, problem_response
from leadloop.edge.live_sources import sources
from leadloop.edge.telemetry import record_accepted
from leadloop.edge.wiring import get_wiring
from leadloop.intake.envelope import Envelope
from leadloop.intake.forms.metadata import consent_version_faults
from leadloop.intake.forms.read import most_bytes, parse_form
from leadloop.intake.forms.redirect import redirect_target
from leadloop.intake.public_sources import PublicForm
from leadloop.intake.text.bodies import check_size, parse_body
from leadloop.intake.text.character_references import replace_unstorable
from leadloop.intake.text.media_types import FORM_TYPES, media_type
from leadloop.model.base import Model
from leadloop.model.errors import FieldsInvalid, Forbidden, LeadloopError, NotFound, TooLarge
from leadloop.model.submission import Channel

KEY_FIELD, KEY_LENGTH = "submission_key", 200
PAGE_QUERY = frozenset({"lang", "sent"})
MOST_QUERY_NAMES, MOST_QUERY = 50, 500  # names that are kept, and characters of each value
TOKEN_FIELD = "page_token"  # noqa: S105  a signed time, no secret

routes = Routes()


class FormReceipt(Model):
    """The id of the queued submission."""

    submission_id: str


@routes.get("/f/<form>")
def show_form(form: str) -> Response[str]:
    """The form's page; at the same address with `.js` its script."""
    # Most calls are posts of scripts, which do not need this module.
    from capture import form_page  # noqa: PLC0415

    if form.endswith(form_page.DEVICE_SUFFIX):
        return form_page.device_script()
    if form.endswith(form_page.SCRIPT_SUFFIX):
        return form_page.script(
            _form(form.removesuffix(form_page.SCRIPT_SUFFIX)), routes.current_request
        )
    if sources().form(form) is None and _wants_html(routes.current_request):
        from capture import link_pages  # noqa: PLC0415  as above

        return link_pages.unknown_form_page(routes.current_request)
    return form_page.page(_form(form), routes.current_request)


@routes.post("/f/<form>")
def post_form(form: str) -> Response[str]:
    """202 with the id; for a browser without a script, 303 to the form's thank-you page."""
    source, request = _form(form), routes.current_request
    try:
        _refuse_foreign_origin(source, request)
        check_size(most_bytes(source), request.body)
        document = parse_body(request.content_type, request.body)
        answer = _answer(source, request, document, _queue_submission(source, request, document))
    except (FieldsInvalid, TooLarge) as error:
        answer = _fault_page(source, request, error) or problem_response(
            problems.problem_from_error(error)
        )
    except LeadloopError as error:
        answer = problem_response(problems.problem_from_error(error))
    answer.headers.update(_cors(source, request.origin))
    return answer


@routes.route("/f/<form>", method="OPTIONS")
def preflight(form: str) -> Response[str]:
    """The answer to a browser's CORS question: which pages may post here, and what."""
    source, request = _form(form), routes.current_request
    _refuse_foreign_origin(source, request)
    headers = {
        **_cors(source, request.origin),
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=dict(headers))


def _form(name: str) -> PublicForm:
    source = sources().form(name)
    if source is None:
        raise NotFound(f"no form {name}")
    return source


def _queue_submission(source: PublicForm, request: Request, document: Mapping[str, object]) -> str:
    envelope = Envelope.of(
        source.id,
        Channel.FORM,
        request.body,
        _key(document),
        clock.now(),
        drawn_id=str(ULID()),
        content_type=request.content_type,
        ip=request.ip,
        user_agent=request.user_agent,
        origin=request.origin,
        referer=request.referer,
        shown_at=_page_signed_at(source, document),
        query=_kept_query(request),
    )
    faults = (*consent_version_faults(document, source), *address_faults(document, source))
    parse_form(document, source, faults)
    get_wiring().submissions.put(envelope)
    record_accepted(source.id, envelope.id)
    return envelope.id


def _kept_query(request: Request) -> dict[str, str]:
    """What stands in the query and is not for our page: nothing there is refused or lost."""
    kept = ((name, value) for name, value in request.query.items() if name not in PAGE_QUERY)
    return {
        replace_unstorable(name[:MOST_QUERY]): replace_unstorable(value[:MOST_QUERY])
        for name, value in islice(kept, MOST_QUERY_NAMES)
    }


def _key(document: Mapping[str, object]) -> str | None:
    """The key that the page drew when it was loaded. So a double click is one submission."""
    key = document.get(KEY_FIELD)
    return replace_unstorable(key[:KEY_LENGTH]) if isinstance(key, str) and key.strip() else None


def _page_signed_at(source: PublicForm, document: Mapping[str, object]) -> datetime | None:
    """The time when we made the page of this post, if the form sets `minimum_seconds`."""
    token = document.get(TOKEN_FIELD)
    if not source.minimum_seconds or not isinstance(token, str):
        return None
    page_time = links().read(token, FormPageTime)
    if page_time is None or page_time.form != source.id:
        return None
    return datetime.fromtimestamp(int(page_time.at) / 1000, UTC)


def _answer(
    source: PublicForm, request: Request, document: Mapping[str, object], submission: str
) -> Response[str]:
    wants_json = "application/json" in request.headers.get("accept", "")
    if media_type(request.content_type) in FORM_TYPES and not wants_json:
        query = urlencode({"sent": 1, **{k: v for k, v in request.query.items() if k == "lang"}})
        own_page = f"{source.id}?{query}" if _wants_html(request) else None
        if address := redirect_target(document, source) or own_page:
            return Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": address})
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        body=FormReceipt(submission_id=submission).model_dump_json(),
        headers={},
    )


def _fault_page(
    source: PublicForm, request: Request, error: FieldsInvalid | TooLarge
) -> Response[str] | None:
    """The form with its faults, for a browser without a script; None: the caller is none."""
    if not _wants_html(request) or media_type(request.content_type) not in FORM_TYPES:
        return None
    from capture import form_page  # noqa: PLC0415  as above

    if isinstance(error, TooLarge):
        return form_page.too_large_page(source, request)
    document = parse_body(request.content_type, request.body)
    return form_page.page_with_faults(source, request, document, error)


def _wants_html(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _refuse_foreign_origin(source: PublicForm, request: Request) -> None:
    """Raise Forbidden for a post from a page that is not allowed.

    A call without an Origin is not from a browser, so no foreign page can have led a person here.
    """
    origin = request.origin
    if not origin or not source.allowed_origins or origin in source.allowed_origins:
        return
    if urlsplit(origin).netloc != request.host:  # else it is our own hosted page
        raise Forbidden(f"The form “{source.id}” takes nothing from {origin}.")


def _cors(source: PublicForm, origin: str | None) -> dict[str, str]:
    allowed = origin if origin in source.allowed_origins or not source.allowed_origins else None
    return {"Vary": "Origin"} | ({"Access-Control-Allow-Origin": allowed} if allowed else {})
