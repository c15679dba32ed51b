"""One click and no more of it: the stop is stored before we say so.

A GET changes nothing, since mail scanners open every link they find.
"""

from aws_lambda_powertools.event_handler import Response

from capture import link_pages
from capture.touches import links
from leadloop.content.links import Unsubscribe
from leadloop.edge import clock
from leadloop.edge.http import Request
from leadloop.edge.wiring import wired
from leadloop.model.account import Suppression
from leadloop.model.signal import Signal
from leadloop.settings import ConsentSettings
from leadloop.store import suppressions
from leadloop.store.keys import Keys
from leadloop.store.table import DynamoTable

WORD = "unsubscribe"


def page(token: str, request: Request) -> Response[str]:
    """Asks, and changes nothing."""
    if links().read(token, Unsubscribe) is None:
        return link_pages.unknown_link(request)
    return link_pages.preferences(request)


def stop(token: str, request: Request) -> Response[str]:
    """Done when we say so (RFC 8058); saying it again changes nothing."""
    said = links().read(token, Unsubscribe)
    if said is None:
        return link_pages.unknown_link(request)
    now = clock.now()
    suppressions.put(_consents(), said.address_hash, "marketing", Suppression(why=WORD, at=now))
    wired().signals.put(
        Signal(
            id=f"{WORD}:{said.delivery_id}",
            signal=WORD,
            lead_id=said.lead_id,
            delivery_id=said.delivery_id,
            at=now,
            confirmed=True,
        )
    )
    return link_pages.unsubscribed(request)


def _consents() -> DynamoTable:
    name = wired().settings(ConsentSettings).LEAD_TABLE
    return DynamoTable(
        wired().dynamodb, name, Keys(b""), clock.pause
    )  # no key of a person is spelt here
