"""Addresses that a portal makes for one conversation: mail to them arrives, but names nobody."""

import re

from leadloop.intake.mail_templates import is_within_domain

RELAY_DOMAINS = (
    "convo.zillow.com",
    "craigslist.org",
    "messaging.yelp.com",
    "reply.yelp.com",
    "email.realtor.com",
    "guest.booking.com",
    "guest.airbnb.com",
    "reply.airbnb.com",
    "user.airbnb.com",
    "messages.homeaway.com",
    "messages.vrbo.com",
    "messages.thumbtack.com",
    "members.ebay.com",
    "mail.ebay-kleinanzeigen.de",
    "mail.kleinanzeigen.de",
    "mail.mobile.de",
    "mail.immobilienscout24.de",
    "mail.autoscout24.com",
    "messagerie.leboncoin.fr",
    "mail.marktplaats.nl",
    "reply.facebook.com",
    "facebookmail.com",
    "reply.linkedin.com",
    "reply.gumtree.com",
    "privaterelay.appleid.com",
    "mozmail.com",
)
MARKETPLACE_DOMAIN = re.compile(
    r"(?:^|\.)(?:marketplace\.amazon|members\.ebay)\.(?:com?\.)?[a-z]{2,3}$"
)
# A domain below the portal's own whose first part says that it passes mail on. No mail server of a
# person is called so.
RELAY_LIKE_DOMAIN = re.compile(
    r"^[\w-]{0,30}(?:reply|relay|convo|conversa|messag|mensa[gj]|messagg|nachricht|bericht|wiadomo"
    r"|meddel|zprav|mesaj|pesan|respuesta|respon[ds]|antwort|anonym|proxy|mask|guest|forwarding)"
    r"[\w-]{0,30}\.[\w-]{1,60}\.[\w.-]{2,}$"
)
# The local part of an address that a program made.
GENERATED_MAILBOX = re.compile(
    r"(?:reply|conv|msg|lead|relay|inbound)[+._-]|[^@+]{0,64}\+[^@]{8}|(?=[a-z-]*\d)(?=[\d-]*[a-z])"
    r"[a-z0-9-]{8,64}$"
)


def is_conversation_address(address: str) -> bool:
    """Whether a program made the address for one conversation; False for one that serves all."""
    return GENERATED_MAILBOX.match(address.rpartition("@")[0].lower()) is not None


def is_relay_address(address: str) -> bool:
    """Whether the address is at a domain where a portal keeps its conversations."""
    domain = address.rpartition("@")[2].lower()
    return (
        any(is_within_domain(domain, relay) for relay in RELAY_DOMAINS)
        or MARKETPLACE_DOMAIN.search(domain) is not None
        or RELAY_LIKE_DOMAIN.match(domain) is not None
    )
