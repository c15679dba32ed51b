"""Clicks and opens: what scanners do too is told to the lake, and to nobody else.

A touch counts when the landing page's script posts the click's token back.
"""

import base64
import hashlib
import json
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from ulid import ULID

from leadloop.content.links import Click, Download, Links, Open, landing
from leadloop.edge import clock
from leadloop.edge.http import Request, Routes
from leadloop.edge.problems import attempt
from leadloop.edge.wiring import wired
from leadloop.model.errors import Unreadable
from leadloop.model.signal import Signal

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
UNCACHED = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
MOST_BYTES = 4096
VISITOR = b'"visitor"'
ANY_PAGE = {"Access-Control-Allow-Origin": "*"}  # who knows the token may say so, from anywhere

routes = Routes()


@routes.get("/t/<token>")
def click(token: str) -> Response[str]:
    """On to the signed target, and nowhere else."""
    said = links().read(token, Click)
    if said is None:
        from capture import link_pages  # noqa: PLC0415 - few of many calls

        return link_pages.unknown_link(routes.asked)
    tell("click", said)
    return Response(
        status_code=HTTPStatus.FOUND, headers={**UNCACHED, "Location": landing(said, token)}
    )


@routes.get("/o/<token>")
def opened(token: str) -> Response[bytes]:
    """A transparent picture, whatever the token is worth."""
    said = links().read(token, Open)
    if said is not None:
        tell("open", said)
    return Response(
        status_code=HTTPStatus.OK, content_type="image/gif", body=PIXEL, headers=dict(UNCACHED)
    )


@routes.post("/b")
def beacon() -> Response[str]:
    """What a visitor does, or that the page of a click was really shown."""
    asked = routes.asked
    if VISITOR not in asked.body:
        return confirm(asked)
    from capture import visits  # noqa: PLC0415 - few of many calls

    return visits.take(asked)


def confirm(request: Request) -> Response[str]:
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
    wired().signals.put(
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
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=dict(ANY_PAGE))


@routes.route("/b", method="OPTIONS")
def preflight() -> Response[str]:
    """Any page may tell."""
    headers = {
        **ANY_PAGE,
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=dict(headers))


def links() -> Links:
    """The links that this deployment signs."""
    return Links(wired().links_secret.decode())


def tell(word: str, said: Click | Open | Download) -> None:
    """That it was seen; nobody waits for that, so nobody is kept from where the link leads."""
    signal = Signal(
        id=f"{word}:{ULID()}",
        signal=word,
        lead_id=said.lead_id,
        delivery_id=said.delivery_id,
        at=clock.now(),
        confirmed=False,
    )
    attempt("Telling of a touch", lambda: wired().signals.put(signal))


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
