"""Clicks and opens. Scanners make them too, so by themselves they only go to the lake.

A click counts when the landing page's script posts the click's token back.
"""

import base64
import hashlib
import json
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from ulid import ULID

from capture.query_names import list_names
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
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*"
}  # a page anywhere that has the token may post it

routes = Routes()


@routes.get("/t/<token>")
def click(token: str) -> Response[str]:
    """A redirect to the signed target, and to no other address."""
    link = links().read(token, Click)
    if link is None:
        from capture import link_pages  # noqa: PLC0415 - few of many calls

        return link_pages.unknown_link_page(routes.current_request)
    queue_touch("click", link, routes.current_request)
    return Response(
        status_code=HTTPStatus.FOUND,
        headers={**NO_STORE_HEADERS, "Location": landing_url(link, token)},
    )


@routes.get("/o/<token>")
def serve_pixel(token: str) -> Response[bytes]:
    """A transparent picture, also for a token that is not ours."""
    link = links().read(token, Open)
    if link is not None:
        queue_touch("open", link, routes.current_request)
    return Response(
        status_code=HTTPStatus.OK,
        content_type="image/gif",
        body=PIXEL,
        headers=dict(NO_STORE_HEADERS),
    )


@routes.post("/b")
def beacon() -> Response[str]:
    """Queue a visit, or the confirmation that the page of a click was really shown."""
    request = routes.current_request
    if VISITOR_FIELD not in request.body:
        return confirm_click(request)
    from capture import visits  # noqa: PLC0415 - few of many calls

    return visits.queue_visit(request)


def confirm_click(request: Request) -> Response[str]:
    """Queue that the landing page of a click was shown. A click counts once, however often posted.

    Raises:
        Unreadable: the body holds no token of ours.

    """
    token = _token(request.body)
    link = links().read(token, Click)
    if link is None:
        raise Unreadable(
            'Send what a visitor does, as {"visitor": …, "events": […]}, or the token that a click '
            'brought, as {"token": …}.'
        )
    get_wiring().signals.put(
        Signal(
            id=f"click:{hashlib.sha256(token.encode()).hexdigest()[:26]}",
            signal="click",
            lead_id=link.lead_id,
            delivery_id=link.delivery_id,
            at=clock.now(),
            confirmed=True,
            user_agent=request.user_agent,
            ignored=list_names(request),
        )
    )
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=dict(CORS_HEADERS))


@routes.route("/b", method="OPTIONS")
def preflight() -> Response[str]:
    """The answer to a browser's CORS question: every page may post here."""
    headers = {
        **CORS_HEADERS,
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=dict(headers))


def links() -> Links:
    """The links that are signed with this deployment's secret."""
    return Links(get_wiring().links_secret.decode())


def queue_touch(signal_name: str, link: Click | Open | Download, request: Request) -> None:
    """Queue an unconfirmed touch. If that fails, the person still gets to the link's target."""
    signal = Signal(
        id=f"{signal_name}:{ULID()}",
        signal=signal_name,
        lead_id=link.lead_id,
        delivery_id=link.delivery_id,
        at=clock.now(),
        confirmed=False,
        ignored=list_names(request),
    )
    attempt("Telling of a touch", lambda: get_wiring().signals.put(signal))


def _token(body: bytes) -> str:
    """The token of a JSON body, or the whole body as text.

    A script may post text without a CORS question before.
    """
    if len(body) > MOST_BYTES:
        raise Unreadable(f"A token has less than {MOST_BYTES} bytes.")
    try:
        text = body.decode("ascii").strip()
        token = json.loads(text).get("token") if text.startswith("{") else text
    except (ValueError, RecursionError):
        token = None
    return token if isinstance(token, str) else ""
