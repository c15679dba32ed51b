"""`/a/{token}`: the link in a rep's mail. Opening it changes nothing; posting takes the lead on."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from admin.commands import command
from admin.routes import Routes, lead_record
from leadloop.content import link_pages, links
from leadloop.edge.http import html
from leadloop.edge.live_playbook import playbook
from leadloop.edge.wiring import wired
from leadloop.model import errors
from leadloop.model.command import Accept, Actor
from leadloop.model.lead import Lead

LINK = "/a/<token>"
PAGE: dict[str, Any] = {"include_in_schema": False, "enable_validation": False}

routes = Routes()


@routes.get(LINK, **PAGE)
def show(token: str) -> Response[str]:
    link = _link(token)
    return _unknown() if link is None else _standing(link)


@routes.post(LINK, **PAGE)
def accept(token: str) -> Response[str]:
    """As the rep of the link. Pressing twice is no error; coming second is told who has it."""
    link = _link(token)
    if link is None:
        return _unknown()
    try:
        command(Actor(id=link.rep, role="sales"), link.lead_id, Accept())
    except (errors.Conflict, errors.Forbidden):
        return _standing(link, come_second=HTTPStatus.CONFLICT)
    except errors.NotFound:
        return _unknown()
    return _standing(link)


def _standing(link: links.Accept, *, come_second: HTTPStatus = HTTPStatus.OK) -> Response[str]:
    """How the lead stands toward the rep of the link."""
    try:
        lead = lead_record(link.lead_id).lead
    except errors.NotFound:
        return _unknown()
    if lead is None or lead.assignment is None:
        return html(come_second, link_pages.taken(language=_language()))
    held, lead = lead.assignment, _named(lead)
    if held.rep == link.rep and held.accepted_at is not None:
        return html(HTTPStatus.OK, link_pages.accepted(lead, _language()))
    if held.rep in (None, link.rep):
        return html(come_second, link_pages.accept(lead, _why_theirs(lead), _language()))
    rep = playbook().rep(held.rep)
    return html(come_second, link_pages.taken(rep.name if rep else held.rep, _language()))


def _why_theirs(lead: Lead) -> str:
    route = lead.assignment.route if lead.assignment else None
    known = playbook().playbook.routing.routes
    return next((each.reason for each in known if each.id == route), "")


def _named(lead: Lead) -> Lead:
    """Who asked for nothing in particular asked for the product line, as people call it."""
    lines = {line.id: line.name for line in playbook().playbook.company.product_lines}
    product = lead.interest.product or lines.get(lead.product_line)
    return lead.but(interest=lead.interest.but(product=product))


def _link(token: str) -> links.Accept | None:
    secret = wired().links_secret.decode()
    return links.Links(secret).read(token, links.Accept)


def _language() -> str:
    return link_pages.spoken(routes.asked.headers.get("accept-language"))


def _unknown() -> Response[str]:
    return html(HTTPStatus.BAD_REQUEST, link_pages.unknown_link(_language()))
