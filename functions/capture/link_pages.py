"""The pages of the public doors as answers, in the language that the browser asks for."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from leadloop.content import link_pages
from leadloop.edge.http import Request, html_response


def unknown_link_page(request: Request) -> Response[str]:
    return html_response(HTTPStatus.BAD_REQUEST, link_pages.unknown_link_page(_language(request)))


def unknown_form_page(request: Request) -> Response[str]:
    return html_response(HTTPStatus.NOT_FOUND, link_pages.unknown_form_page(_language(request)))


def expired_link_page(request: Request) -> Response[str]:
    return html_response(HTTPStatus.GONE, link_pages.expired_link_page(_language(request)))


def preferences_page(request: Request) -> Response[str]:
    return html_response(HTTPStatus.OK, link_pages.preferences_page(_language(request)))


def confirm_page(request: Request) -> Response[str]:
    return html_response(HTTPStatus.OK, link_pages.confirm_page(_language(request)))


def confirmed_page(request: Request) -> Response[str]:
    return html_response(HTTPStatus.OK, link_pages.confirmed_page(_language(request)))


def unsubscribed_page(request: Request) -> Response[str]:
    return html_response(HTTPStatus.OK, link_pages.unsubscribed_page(_language(request)))


def _language(request: Request) -> str:
    return link_pages.page_language(request.headers.get("accept-language"))
