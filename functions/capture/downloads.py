"""The file of an offer, for everybody who has the link, until the link is out of date."""

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
    """A redirect to the file, by an address that is valid for a minute. It changes nothing."""
    link = links().read(token, Download)
    offer = playbook().playbook.offers.get(link.offer) if link else None
    if link is None or not isinstance(offer, DownloadOffer):
        return link_pages.unknown_link_page(request)
    if clock.now().timestamp() > int(link.until):
        return link_pages.expired_link_page(request)
    queue_touch("download", link, request)
    return Response(
        status_code=HTTPStatus.FOUND,
        headers={**NO_STORE_HEADERS, "Location": asset_url(offer.file)},
    )
