"""A form as people meet it: its page, the same page again with what to mend, its script.

Loaded only when somebody looks at a form: a post by script needs none of it.
"""

import json
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from aws_lambda_powertools.event_handler import Response
from ulid import ULID

from capture.touches import links
from leadloop.content import form_page
from leadloop.content.form_texts import form_texts
from leadloop.edge import clock
from leadloop.edge.http import Request, html_response
from leadloop.intake.captchas import CAPTCHAS
from leadloop.intake.fields.attribution import CLICK_IDS, UTM, is_filled, known_tags
from leadloop.intake.forms.page_model import build_form_page, form_languages
from leadloop.intake.public_sources import PublicForm
from leadloop.model.errors import FieldsInvalid

SCRIPT_SUFFIX, DEVICE_SUFFIX = ".js", ".device.js"
FIRST_TOUCH = (*UTM, *CLICK_IDS)
HIDDEN_FIELDS = (*FIRST_TOUCH, "submission_key", "page_token", "referrer", "landing_page")
FINGERPRINT = "fingerprintjs-5.2.0.min.js"  # as its makers publish it, licence included
LONGEST_HINT = 2_000  # characters of a hint from an address


def page(source: PublicForm, request: Request) -> Response[str]:
    """As its playbook describes it; after a post without a script, the thanks."""
    form = build_form_page(source, _language(source, request))
    if "sent" in request.query:
        return _html(HTTPStatus.OK, form_page.thanks_page(form), source)
    tags = known_tags(request.query)
    query = {
        name: tags[name][:LONGEST_HINT] for name in FIRST_TOUCH if is_filled(tags.get(name, "{}"))
    }
    hidden = {
        "submission_key": str(ULID()),
        **_page_token(source),
        **query,
        "landing_page": _address(request, query),
        **({"referrer": request.referer[:LONGEST_HINT]} if request.referer else {}),
    }
    return _html(HTTPStatus.OK, form_page.render_form_page(form, hidden, query), source)


def page_with_faults(
    source: PublicForm, request: Request, document: Mapping[str, object], error: FieldsInvalid
) -> Response[str]:
    """What was typed, and beside each field what is to be mended. Nothing was kept."""
    form = build_form_page(source, _language(source, request))
    texts = {name: value for name, value in document.items() if isinstance(value, str)}
    wrong = {each.field: each.code for each in error.reasons if each.field}
    hidden = {name: texts[name] for name in HIDDEN_FIELDS if name in texts}
    query = {name: texts[name] for name in FIRST_TOUCH if name in texts}
    typed = form_page.RejectedInput(texts, wrong)
    body = form_page.render_form_page(form, hidden, query, typed)
    return _html(HTTPStatus.UNPROCESSABLE_ENTITY, body, source)


def too_large_page(source: PublicForm, request: Request) -> Response[str]:
    form = build_form_page(source, _language(source, request))
    body = form_page.too_large_page(form)
    return _html(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, body, source)


def script(source: PublicForm, request: Request) -> Response[str]:
    """The one script for all forms, and this form as data."""
    form = build_form_page(source, request.query.get("lang"))
    signed = _page_token(source)
    given = {
        "form": form.model_dump(exclude={"languages"}),
        "words": form_texts(form.language)._asdict(),
        "touch": FIRST_TOUCH,
        **signed,
    }
    kept = "no-store" if signed else "public, max-age=300"
    return _javascript(f"({_static('form.js')})({json.dumps(given)});\n", kept)


def device_script() -> Response[str]:
    """What takes a browser's fingerprint, for a form's script that was allowed to load it.

    It asks nobody (`monitoring` is what its makers would count) and leaves nothing behind.
    """
    told = "document.dispatchEvent(new CustomEvent('leadloop:device', { detail: found.visitorId }))"
    taken = "FingerprintJS.load({ monitoring: false }).then((agent) => agent.get())"
    return _javascript(
        f"(function () {{\n{_static(FINGERPRINT)}\n{taken}.then((found) => {told});\n}})();\n",
        "public, max-age=86400",
    )


def _javascript(text: str, kept: str) -> Response[str]:
    return Response(
        status_code=HTTPStatus.OK,
        content_type="text/javascript; charset=utf-8",
        body=text,
        headers={
            "Cache-Control": kept,
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


@cache
def _static(name: str) -> str:
    return (Path(__file__).parent / "static" / name).read_text().strip()


def _page_token(source: PublicForm) -> dict[str, str]:
    """When this page was made, for a form that wants to know."""
    if not source.minimum_seconds:
        return {}
    return {"page_token": links().form_page_time(source.id, clock.now())}


def _language(source: PublicForm, request: Request) -> str:
    """As the address says, else as the browser asks."""
    wished = request.query.get("lang") or request.headers.get("accept-language", "")[:200]
    tags = [tag.strip()[:2].lower() for tag in wished.split(",")]
    return next((tag for tag in tags if tag in form_languages(source)), source.language)


def _address(request: Request, query: Mapping[str, str]) -> str:
    address = f"https://{request.host}{request.path}"
    return f"{address}?{urlencode(query)}" if query else address


def _html(status: HTTPStatus, body: str, source: PublicForm) -> Response[str]:
    """A browser follows a post's redirect only to where the page may post."""
    thanks = [_origin(source.thank_you)] if source.thank_you else []
    leads_to = dict.fromkeys(("'self'", *thanks, *source.allowed_origins))
    captcha = CAPTCHAS[source.captcha.provider].origins if source.captcha else ()
    may = " ".join(("'self'", *captcha))
    framing = {"frame-src": " ".join(captcha)} if captcha else {}
    return html_response(
        status,
        body,
        policy={
            "script-src": may,
            "connect-src": may,
            "form-action": " ".join(leads_to),
            **framing,
        },
        # Without it a browser says "null" of where a post comes from.
        referrer="strict-origin-when-cross-origin",
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
