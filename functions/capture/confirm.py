"""The yes of an address to an offer that was asked for in its name.

A GET changes nothing, because mail scanners open every link.
"""

from aws_lambda_powertools.event_handler import Response

from capture import link_pages
from capture.touches import links
from leadloop.content.links import Confirm
from leadloop.edge import clock
from leadloop.edge.http import Request
from leadloop.edge.wiring import get_wiring
from leadloop.model.signal import CONFIRM_SIGNAL, Signal


def page(token: str, request: Request) -> Response[str]:
    """The page that asks whether the person has asked for it. It changes nothing."""
    if links().read(token, Confirm) is None:
        return link_pages.unknown_link_page(request)
    return link_pages.confirm_page(request)


def confirm_address(token: str, request: Request) -> Response[str]:
    """Queue the yes, then answer with the page. A second request changes nothing."""
    said = links().read(token, Confirm)
    if said is None:
        return link_pages.unknown_link_page(request)
    get_wiring().signals.put(
        Signal(
            id=f"{CONFIRM_SIGNAL}:{said.delivery_id}",
            signal=CONFIRM_SIGNAL,
            lead_id=said.lead_id,
            delivery_id=said.delivery_id,
            at=clock.now(),
            confirmed=True,
        )
    )
    return link_pages.confirmed_page(request)
