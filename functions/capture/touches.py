"""Clicks and opens: what scanners do too is told to the lake, and to nobody else.

A touch counts when the landing page's script posts the click's token back.
"""

import base64
import hashlib
import json
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from ulid import ULID

from leadloop.content.links import Click, Download, Links, Open, landing_url
from leadloop.edge import clock
from leadloop.edge.http import Request, Routes
from leadloop.edge.problems import attempt
from leadloop.edge.wiring import get_wiring
from leadloop.model.errors import Unreadable
from leadloop.model.signal import Signal

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
NO_STORE_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
MOST_BYTES = 4096
VISITOR_FIELD = b'"visitor"'
CORS_HEADERS = {"Access-Control-Allow-Origin": "*"}  # who knows the token may say so, from anywhere

routes = Routes()


@routes.get("/t/<token>")
def click(token: str) -> Response[str]:
    """On to the signed target, and nowhere else."""
    said = links().read(token, Click)
    if said is None:
        from capture import link_pages  # noqa: PLC0415 - few of many calls

        return link_pages.unknown_link_page(routes.current_request)
    queue_touch("click", said)
    return Response(
        status_code=HTTPStatus.FOUND,
        headers={**NO_STORE_HEADERS, "Location": landing_url(said, token)},
    )


@routes.get("/o/<token>")
def serve_pixel(token: str) -> Response[bytes]:
    """A transparent picture, whatever the token is worth."""
    said = links().read(token, Open)
    if said is not None:
        queue_touch("open", said)
    return Response(
        status_code=HTTPStatus.OK,
        content_type="image/gif",
        body=PIXEL,
        headers=dict(NO_STORE_HEADERS),
    )


@routes.post("/b")
def beacon() -> Response[str]:
    """What a visitor does, or that the page of a click was really shown."""
    asked = routes.current_request
    if VISITOR_FIELD not in asked.body:
        return confirm_click(asked)
    from capture import visits  # noqa: PLC0415 - few of many calls

    return visits.queue_visit(asked)


def confirm_click(request: Request) -> Response[str]:
    """The landing page was really shown. Each click counts once, however often it is told.

    Raises:
        Unreadable: no token of ours.

    """
    token = _token(request.body)
    said = links().read(token, Click)
    if said is None:
        raise Unreadable(
            'Send what a visitor does, as {"visitor": …, "events": […]}, or the token that a click '
            'brought, as {"token": …}.'
        )
    get_wiring().signals.put(
        Signal(
            id=f"click:{hashlib.sha256(token.encode()).hexdigest()[:26]}",
            signal="click",
            lead_id=said.lead_id,
            delivery_id=said.delivery_id,
            at=clock.now(),
            confirmed=True,
            user_agent=request.user_agent,
        )
    )
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=dict(CORS_HEADERS))


@routes.route("/b", method="OPTIONS")
def preflight() -> Response[str]:
    """Any page may tell."""
    headers = {
        **CORS_HEADERS,
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=dict(headers))


def links() -> Links:
    """The links that this deployment signs."""
    return Links(get_wiring().links_secret.decode())


def queue_touch(word: str, said: Click | Open | Download) -> None:
    """That it was seen; nobody waits for that, so nobody is kept from where the link leads."""
    signal = Signal(
        id=f"{word}:{ULID()}",
        signal=word,
        lead_id=said.lead_id,
        delivery_id=said.delivery_id,
        at=clock.now(),
        confirmed=False,
    )
    attempt("Telling of a touch", lambda: get_wiring().signals.put(signal))


def _token(body: bytes) -> str:
    """Of a JSON object, or the whole body as text, which a script may send without asking."""
    if len(body) > MOST_BYTES:
        raise Unreadable(f"A token has less than {MOST_BYTES} bytes.")
    try:
        text = body.decode("ascii").strip()
        found = json.loads(text).get("token") if text.startswith("{") else text
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, str) else ""
