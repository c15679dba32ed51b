"""A form for people: its page, the page with faults after a post, and its script.

This module is loaded only for pages and scripts: a post by a script does not need it.
"""

import json
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from aws_lambda_powertools.event_handler import Response
from ulid import ULID

from capture.addresses import ADDRESS_SEEN, SUGGESTION_CODE, suggested_address
from capture.touches import links
from leadloop.content import form_page
from leadloop.content.page_texts import form_texts
from leadloop.edge import clock
from leadloop.edge.http import Request, html_response
from leadloop.intake.captchas import CAPTCHAS
from leadloop.intake.fields.attribution import CLICK_IDS, UTM, has_value, known_tags
from leadloop.intake.forms.page_model import build_form_page, form_languages
from leadloop.intake.public_sources import PublicForm
from leadloop.model.errors import FieldsInvalid

SCRIPT_SUFFIX, DEVICE_SUFFIX = ".js", ".device.js"
FIRST_TOUCH = (*UTM, *CLICK_IDS)
HIDDEN_FIELDS = (*FIRST_TOUCH, "submission_key", "page_token", "referrer", "landing_page")
FINGERPRINT = "fingerprintjs-5.2.0.min.js"  # unchanged, with its licence
LONGEST_HINT = 2_000  # characters of a hint from an address


def page(source: PublicForm, request: Request) -> Response[str]:
    """The form's page; after a post without a script, the page that says thank you."""
    form = build_form_page(source, _language(source, request))
    if "sent" in request.query:
        return _html(HTTPStatus.OK, form_page.thanks_page(form), source)
    tags = known_tags(request.query)
    query = {
        name: tags[name][:LONGEST_HINT] for name in FIRST_TOUCH if has_value(tags.get(name, "{}"))
    }
    hidden = {
        "submission_key": str(ULID()),
        **_page_token(source),
        **query,
        ADDRESS_SEEN: "",
        "landing_page": _address(request, query),
        **({"referrer": request.referer[:LONGEST_HINT]} if request.referer else {}),
    }
    return _html(HTTPStatus.OK, form_page.render_form_page(form, hidden, query), source)


def page_with_faults(
    source: PublicForm, request: Request, document: Mapping[str, object], error: FieldsInvalid
) -> Response[str]:
    """The form with what was typed, and each fault beside its field. Nothing was stored."""
    form = build_form_page(source, _language(source, request))
    texts = {name: value for name, value in document.items() if isinstance(value, str)}
    wrong = {each.field: each.code for each in error.reasons if each.field}
    hidden = {name: texts[name] for name in HIDDEN_FIELDS if name in texts}
    query = {name: texts[name] for name in FIRST_TOUCH if name in texts}
    suggestions = {
        each.field: suggested_address(texts[each.field])
        for each in error.reasons
        if each.field and each.code == SUGGESTION_CODE
    }
    hidden[ADDRESS_SEEN] = next((texts[name] for name in suggestions), "")
    typed = form_page.RejectedInput(texts, wrong, suggestions)
    body = form_page.render_form_page(form, hidden, query, typed)
    return _html(HTTPStatus.UNPROCESSABLE_ENTITY, body, source)


def too_large_page(source: PublicForm, request: Request) -> Response[str]:
    form = build_form_page(source, _language(source, request))
    body = form_page.too_large_page(form)
    return _html(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, body, source)


def script(source: PublicForm, request: Request) -> Response[str]:
    """The script for all forms, with this form as its data."""
    form = build_form_page(source, request.query.get("lang"))
    signed = _page_token(source)
    config = {
        "form": form.model_dump(exclude={"languages"}),
        "words": form_texts(form.language)._asdict(),
        "touch": FIRST_TOUCH,
        **signed,
    }
    cache_control = "no-store" if signed else "public, max-age=300"
    return _javascript(f"({_static('form.js')})({json.dumps(config)});\n", cache_control)


def device_script() -> Response[str]:
    """The script that takes a browser's fingerprint; a form's script loads it if it may.

    It calls nobody (`monitoring` would report to its makers) and stores nothing.
    """
    dispatch_js = (
        "document.dispatchEvent(new CustomEvent('leadloop:device', { detail: found.visitorId }))"
    )
    fingerprint_js = "FingerprintJS.load({ monitoring: false }).then((agent) => agent.get())"
    call_js = f"{fingerprint_js}.then((found) => {dispatch_js});"
    text = f"(function () {{\n{_static(FINGERPRINT)}\n{call_js}\n}})();\n"
    return _javascript(text, "public, max-age=86400")


def _javascript(text: str, cache_control: str) -> Response[str]:
    return Response(
        status_code=HTTPStatus.OK,
        content_type="text/javascript; charset=utf-8",
        body=text,
        headers={
            "Cache-Control": cache_control,
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


@cache
def _static(name: str) -> str:
    return (Path(__file__).parent / "static" / name).read_text().strip()


def _page_token(source: PublicForm) -> dict[str, str]:
    """The signed time of this page, for a form that sets `minimum_seconds`."""
    if not source.minimum_seconds:
        return {}
    return {"page_token": links().form_page_time(source.id, clock.now())}


def _language(source: PublicForm, request: Request) -> str:
    """The language of the address, or else the first that the browser asks for and the form has."""
    languages_wanted = request.query.get("lang") or request.headers.get("accept-language", "")[:200]
    tags = [tag.strip()[:2].lower() for tag in languages_wanted.split(",")]
    return next((tag for tag in tags if tag in form_languages(source)), source.language)


def _address(request: Request, query: Mapping[str, str]) -> str:
    address = f"https://{request.host}{request.path}"
    return f"{address}?{urlencode(query)}" if query else address


def _html(status: HTTPStatus, body: str, source: PublicForm) -> Response[str]:
    """The page with its security policy.

    A browser follows the redirect of a post only to an address of `form-action`.
    """
    thanks = [_origin(source.thank_you)] if source.thank_you else []
    form_targets = dict.fromkeys(("'self'", *thanks, *source.allowed_origins))
    captcha = CAPTCHAS[source.captcha.provider].origins if source.captcha else ()
    allowed_origins = " ".join(("'self'", *captcha))
    framing = {"frame-src": " ".join(captcha)} if captcha else {}
    return html_response(
        status,
        body,
        policy={
            "script-src": allowed_origins,
            "connect-src": allowed_origins,
            "form-action": " ".join(form_targets),
            **framing,
        },
        # Without it a browser posts with the origin "null".
        referrer="strict-origin-when-cross-origin",
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
