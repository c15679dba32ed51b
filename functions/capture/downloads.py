"""The file of an offer: whoever has the link gets it, until its time is over."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from capture import link_pages
from capture.touches import NO_STORE_HEADERS, links, queue_touch
from leadloop.content.links import Download
from leadloop.content.policy import DownloadOffer
from leadloop.edge import clock
from leadloop.edge.http import Request
from leadloop.edge.live_playbook import asset_url, playbook


def redirect_to_file(token: str, request: Request) -> Response[str]:
    """To the file, by an address that is good for a minute; nothing changes."""
    said = links().read(token, Download)
    offer = playbook().playbook.offers.get(said.offer) if said else None
    if said is None or not isinstance(offer, DownloadOffer):
        return link_pages.unknown_link_page(request)
    if clock.now().timestamp() > int(said.until):
        return link_pages.expired_link_page(request)
    queue_touch("download", said)
    return Response(
        status_code=HTTPStatus.FOUND,
        headers={**NO_STORE_HEADERS, "Location": asset_url(offer.file)},
    )
