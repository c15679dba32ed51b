"""The pages of the public doors, in the language the person's browser asks for."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from leadloop.content import link_pages
from leadloop.edge.http import Request, html


def unknown_link(request: Request) -> Response[str]:
    return html(HTTPStatus.BAD_REQUEST, link_pages.unknown_link(_language(request)))


def unknown_form(request: Request) -> Response[str]:
    return html(HTTPStatus.NOT_FOUND, link_pages.unknown_form(_language(request)))


def expired_link(request: Request) -> Response[str]:
    return html(HTTPStatus.GONE, link_pages.expired_link(_language(request)))


def preferences(request: Request) -> Response[str]:
    return html(HTTPStatus.OK, link_pages.preferences(_language(request)))


def unsubscribed(request: Request) -> Response[str]:
    return html(HTTPStatus.OK, link_pages.unsubscribed(_language(request)))


def _language(request: Request) -> str:
    return link_pages.spoken(request.headers.get("accept-language"))
