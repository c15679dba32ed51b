"""The row that says how one webhook vendor works: its proof, its posts, its answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.webhook_signatures import WebhookProof
from leadloop.intake.webhooks.vendor_lead import JsonObject, VendorLead

KeyLookup = Callable[[str], Sequence[str]]  # a secret's name → its valid keys, the newest first


class HandshakeAnswer(NamedTuple):
    """The HTTP 200 answer that proves to the vendor that the address is ours."""

    content_type: str
    body: str
    headers: Mapping[str, str] = {}


class Vendor(NamedTuple):
    """How one vendor works. Only `signature` and `read_leads` are needed.

    `signature` is how a post proves its sender, unless the source's own `proof` says otherwise.
    `read_leads` reads the leads of a post, none if the post is about something else; it may raise
    `Unreadable`. `read_fetched_lead` reads one lead from the answer of the vendor's API, for a
    vendor whose post only names a lead; the call itself is in `providers/`.
    `answer_handshake` takes the query of the vendor's GET; it may raise `Unreadable` or
    `Forbidden`. `is_lead_form`: the values are answers of a form that the vendor hosts. Then
    common questions need no mapping, and unmapped ones are listed as ignored.
    """

    signature: WebhookProof
    read_leads: Callable[[JsonObject, PublicWebhook], Iterator[VendorLead]]
    read_fetched_lead: Callable[[JsonObject], VendorLead] | None = None
    answer_handshake: (
        Callable[[Mapping[str, str], PublicWebhook, KeyLookup], HandshakeAnswer] | None
    ) = None
    is_lead_form: bool = True
