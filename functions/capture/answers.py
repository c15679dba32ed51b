"""The pages of the public doors, in the language the person's browser asks for."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from leadloop.content import pages
from leadloop.edge.http import Request, html


def unknown_link(request: Request) -> Response[str]:
    return html(HTTPStatus.BAD_REQUEST, pages.unknown_link(_language(request)))


def unknown_form(request: Request) -> Response[str]:
    return html(HTTPStatus.NOT_FOUND, pages.unknown_form(_language(request)))


def expired_link(request: Request) -> Response[str]:
    return html(HTTPStatus.GONE, pages.expired_link(_language(request)))


def preferences(request: Request) -> Response[str]:
    return html(HTTPStatus.OK, pages.preferences(_language(request)))


def unsubscribed(request: Request) -> Response[str]:
    return html(HTTPStatus.OK, pages.unsubscribed(_language(request)))


def _language(request: Request) -> str:
    return pages.spoken(request.headers.get("accept-language"))
