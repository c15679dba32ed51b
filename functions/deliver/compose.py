"""Composes the letter of a claimed delivery and sends it by its channel."""

from datetime import timedelta

from leadloop.channels import build_channels
from leadloop.channels.outgoing_message import (
    Mailbox,
    OutgoingMessage,
    SendFailed,
    SendRefused,
    SendResult,
)
from leadloop.content.links import Links
from leadloop.content.policy import DownloadOffer, Template
from leadloop.content.reply_address import reply_address, return_path, sign_delivery
from leadloop.content.template_context import CompanyContext, build_template_context, mail_name
from leadloop.content.templates import TemplateBroken, Tracking, render_template
from leadloop.edge import clock
from leadloop.edge.act import table
from leadloop.edge.live_playbook import pinned_playbook, playbook
from leadloop.edge.problems import AttemptFailure, attempt
from leadloop.edge.wiring import get_wiring
from leadloop.model.decision import Send
from leadloop.model.delivery import Delivery, Purpose
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.routing.policy import Rep
from leadloop.settings import ReturnSettings


def send_delivery(send: Send) -> SendResult:
    """Send a delivery and return the result. Before the channel has the letter, nothing is sent."""
    composed = attempt("Writing a letter", lambda: compose_letter(send, playbook()))
    if isinstance(composed, AttemptFailure):
        return SendFailed(f"could not be written: {type(composed.error).__name__}")
    if isinstance(composed.value, SendRefused):
        return composed.value
    return build_channels(ses=get_wiring().ses)[send.delivery.channel](composed.value)


def compose_letter(send: Send, book: CompiledPlaybook) -> OutgoingMessage | SendRefused:
    """The letter of a delivery, or why it can never be written."""
    delivery, person, lead = send.delivery, send.person, send.lead
    company = book.playbook.company
    template = _template(delivery, book)
    if template is None:
        return SendRefused(f"the playbook has no template “{delivery.template}”")
    links, public = Links(get_wiring().links_secret.decode()), get_wiring().public_url
    rep = book.rep(delivery.rep) if delivery.rep else None
    owner = book.rep(lead.assignment.rep) if lead.assignment and lead.assignment.rep else None
    accept_url = unsubscribe_url = download_url = confirm_url = tracking = None
    if delivery.rep:
        accept_url = f"{public}/a/{links.accept(delivery.lead_id, delivery.rep)}"
    else:
        token = links.unsubscribe(
            delivery.lead_id, delivery.id, table().keys.address_hash(send.address)
        )
        unsubscribe_url = f"{public}/u/{token}"
        tracking = _tracking(links, public, delivery)
        if delivery.purpose is Purpose.CONFIRMATION:
            confirm_url = f"{public}/c/{links.confirm(delivery.lead_id, delivery.id)}"
        download_url = _download_url(links, public, delivery, book)
    context = build_template_context(
        person,
        lead,
        delivery,
        company=CompanyContext(name=company.name, postal_address=company.postal_address),
        rep=rep.name if rep else "",
        accept_url=accept_url,
        unsubscribe_url=unsubscribe_url,
        offer_url=download_url,
        confirm_url=confirm_url,
    )
    try:
        message = render_template(
            template, delivery.language, context, default=company.language, tracking=tracking
        )
    except TemplateBroken as broken:
        return SendRefused(str(broken))
    secret = get_wiring().links_secret
    returns = get_wiring().settings(ReturnSettings)
    return OutgoingMessage(
        delivery=delivery,
        message=message,
        to=Mailbox(send.address, rep.name if rep else mail_name(person.contact)),
        sender=Mailbox(company.sender, company.name),
        at=clock.now(),
        reply_to=None if delivery.rep else _reply_mailbox(owner, delivery, book),
        unsubscribe_url=unsubscribe_url,
        signature=sign_delivery(delivery.lead_id, delivery.id, secret),
        return_path=return_path(delivery.lead_id, delivery.id, secret, returns.MAIL_DOMAIN)
        if company.drop_domain == returns.MAIL_DOMAIN  # SES sends as no other domain
        else None,
        configuration_set=returns.CONFIGURATION_SET or None,
    )


def _template(delivery: Delivery, book: CompiledPlaybook) -> Template | None:
    """The template of the version that the delivery names; else the live one's."""
    pinned_book = pinned_playbook(delivery.playbook) if delivery.playbook else None
    return (pinned_book or book).playbook.templates.get(delivery.template)


def _reply_mailbox(owner: Rep | None, delivery: Delivery, book: CompiledPlaybook) -> Mailbox:
    """The lead's owner; or else an address of ours that names the lead."""
    if owner is not None:
        return Mailbox(owner.email, owner.name)
    company, secret = book.playbook.company, get_wiring().links_secret
    address = reply_address(delivery.lead_id, delivery.id, secret, company.drop_domain)
    return Mailbox(address, company.name)


def _download_url(
    links: Links, public: str, delivery: Delivery, book: CompiledPlaybook
) -> str | None:
    offer = book.playbook.offers.get(delivery.offer or "")
    if not isinstance(offer, DownloadOffer):
        return None
    until = clock.now() + timedelta(days=offer.days)
    return f"{public}/d/{links.download(delivery.lead_id, delivery.id, offer.id, until)}"


def _tracking(links: Links, public: str, delivery: Delivery) -> Tracking:
    return Tracking(
        click=lambda url: f"{public}/t/{links.click(delivery.lead_id, delivery.id, url)}",
        picture=f"{public}/o/{links.open(delivery.lead_id, delivery.id)}",
    )
