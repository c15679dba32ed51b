"""Visits of anonymous visitors → the signal queue. Nothing here knows a person."""

from functools import cache
from http import HTTPStatus
from pathlib import Path

from aws_lambda_powertools.event_handler import Response

from capture.query_names import list_names
from leadloop.edge import clock
from leadloop.edge.http import Request
from leadloop.edge.wiring import get_wiring
from leadloop.intake.forms.visits import build_signals, parse_visit
from leadloop.model.errors import Busy

CORS_HEADERS = {"Access-Control-Allow-Origin": "*"}  # every page that drew a visitor's id may post


def queue_visit(request: Request) -> Response[str]:
    """Queue a visit; 204 means that it is in the queue.

    Raises:
        TooLarge, Unreadable, FieldsInvalid: the body is no visit.
        Busy: the queue did not accept all of it.

    """
    visit = parse_visit(request.body)
    ignored = list_names(request)
    signals = [
        each.but(ignored=ignored) for each in build_signals(visit, clock.now(), request.user_agent)
    ]
    if get_wiring().signals.put_all(signals):
        raise Busy("not everything was taken; send it again")
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=dict(CORS_HEADERS))


def script(_request: Request) -> Response[str]:
    """The script for landing pages. It draws the visitor's id after consent and sends visits."""
    return Response(
        status_code=HTTPStatus.OK,
        content_type="text/javascript; charset=utf-8",
        body=_script(),
        headers={**CORS_HEADERS, "Cache-Control": "public, max-age=3600"},
    )


@cache
def _script() -> str:
    return (Path(__file__).parent / "static" / "visit.js").read_text(encoding="utf-8")
