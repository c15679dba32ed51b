"""Unsubscribing by one click: the stop is stored before we answer.

A GET changes nothing, because mail scanners open every link. Source: RFC 8058
"""

from aws_lambda_powertools.event_handler import Response

from capture import link_pages
from capture.touches import links
from leadloop.content.links import Unsubscribe
from leadloop.edge import clock
from leadloop.edge.http import Request
from leadloop.edge.tables import open_table
from leadloop.edge.wiring import get_wiring
from leadloop.model.consent import Suppression
from leadloop.model.signal import Signal
from leadloop.settings import ConsentSettings
from leadloop.store import suppressions

SIGNAL_NAME = "unsubscribe"


def page(token: str, request: Request) -> Response[str]:
    """The page that asks whether to unsubscribe. It changes nothing."""
    if links().read(token, Unsubscribe) is None:
        return link_pages.unknown_link_page(request)
    return link_pages.preferences_page(request)


def unsubscribe_address(token: str, request: Request) -> Response[str]:
    """Store the stop, then answer with the page. A second request changes nothing."""
    said = links().read(token, Unsubscribe)
    if said is None:
        return link_pages.unknown_link_page(request)
    now = clock.now()
    suppressions.put(
        open_table(ConsentSettings),
        said.address_hash,
        "marketing",
        Suppression(why=SIGNAL_NAME, at=now),
    )
    get_wiring().signals.put(
        Signal(
            id=f"{SIGNAL_NAME}:{said.delivery_id}",
            signal=SIGNAL_NAME,
            lead_id=said.lead_id,
            delivery_id=said.delivery_id,
            at=now,
            confirmed=True,
        )
    )
    return link_pages.unsubscribed_page(request)
