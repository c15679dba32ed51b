"""`/a/{token}`: the link in a rep's mail. Opening it changes nothing; posting accepts the lead."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from admin.commands import run_command
from admin.routes import Routes, get_stored_lead
from leadloop.content import link_pages, links
from leadloop.edge.http import html_response
from leadloop.edge.live_playbook import playbook
from leadloop.edge.wiring import get_wiring
from leadloop.model import errors
from leadloop.model.command import Accept, Actor
from leadloop.model.lead import Lead

LINK = "/a/<token>"
PAGE_OPTIONS: dict[str, Any] = {"include_in_schema": False, "enable_validation": False}

routes = Routes()


@routes.get(LINK, **PAGE_OPTIONS)
def show_accept_page(token: str) -> Response[str]:
    link = _link(token)
    return _unknown_link_page() if link is None else _lead_state_page(link)


@routes.post(LINK, **PAGE_OPTIONS)
def accept(token: str) -> Response[str]:
    """Accept the lead as the rep of the link.

    A second post of the same rep is no error. A rep who is too late sees who has the lead.
    """
    link = _link(token)
    if link is None:
        return _unknown_link_page()
    try:
        run_command(Actor(id=link.rep, role="sales"), link.lead_id, Accept())
    except (errors.Conflict, errors.Forbidden):
        return _lead_state_page(link, come_second=HTTPStatus.CONFLICT)
    except errors.NotFound:
        return _unknown_link_page()
    return _lead_state_page(link)


def _lead_state_page(
    link: links.AcceptLink, *, come_second: HTTPStatus = HTTPStatus.OK
) -> Response[str]:
    """The page with the lead's state for the rep of the link."""
    try:
        stored = get_stored_lead(link.lead_id)
    except errors.NotFound:
        return _unknown_link_page()
    person, assignment = stored.person, stored.lead.assignment
    if assignment is None:
        return html_response(come_second, link_pages.unavailable_lead_page(language=_language()))
    lead = _with_product_name(stored.lead)
    if assignment.rep == link.rep and assignment.accepted_at is not None:
        return html_response(HTTPStatus.OK, link_pages.accepted_page(person, lead, _language()))
    if assignment.rep in (None, link.rep):
        return html_response(
            come_second, link_pages.accept_page(person, lead, _route_reason(lead), _language())
        )
    rep = playbook().rep(assignment.rep)
    return html_response(
        come_second,
        link_pages.unavailable_lead_page(rep.name if rep else assignment.rep, _language()),
    )


def _route_reason(lead: Lead) -> str:
    route = lead.assignment.route if lead.assignment else None
    routes_ = playbook().playbook.routing.routes
    return next((each.reason for each in routes_ if each.id == route), "")


def _with_product_name(lead: Lead) -> Lead:
    """The lead with a product to show; without one it is the name of the product line."""
    lines = {line.id: line.name for line in playbook().playbook.company.product_lines}
    product = lead.interest.product or lines.get(lead.product_line)
    return lead.but(interest=lead.interest.but(product=product))


def _link(token: str) -> links.AcceptLink | None:
    secret = get_wiring().links_secret.decode()
    return links.Links(secret).read(token, links.AcceptLink)


def _language() -> str:
    return link_pages.page_language(routes.current_request.headers.get("accept-language"))


def _unknown_link_page() -> Response[str]:
    return html_response(HTTPStatus.BAD_REQUEST, link_pages.unknown_link_page(_language()))
