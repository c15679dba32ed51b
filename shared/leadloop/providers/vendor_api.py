"""The API of a lead vendor: the session it is called with, and what it can answer."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from leadloop.intake.policy import WebhookSource
from leadloop.providers.http_json import HttpClient, NoAnswer

SecretLookup = Callable[[str], str | None]  # a secret's name → its key; None: not stored (yet)


class VendorSession(NamedTuple):
    """What a vendor's API is called with, on behalf of the source `source`."""

    http: HttpClient
    source: WebhookSource
    secret: SecretLookup

    @property
    def bearer_header(self) -> Mapping[str, str]:
        """The header that opens the vendor's API.

        Raises:
            NoAnswer: the source names no token, or there is no secret of this name.

        """
        name = self.source.token
        if name is None:
            raise NoAnswer("may not be asked: the playbook names no token", passing=False)
        token = self.secret(name)
        if not token:
            raise NoAnswer(f"may not be asked: there is no secret {name}", passing=True)
        return {"Authorization": f"Bearer {token}"}


class ListedLead(NamedTuple):
    """A lead that the vendor has: its id, and a post as the vendor would have sent it."""

    id: str
    post: bytes


LeadListing = Callable[[VendorSession, datetime, datetime], Iterator[ListedLead]]


class VendorApi(NamedTuple):
    """What a vendor's API can answer; None: it has no such call.

    `fetch_lead(session, lead_id)` returns one lead as JSON. `list_leads(session, since, until)`
    yields the leads that came in a period, of what the source lists under `forms`. Both raise
    `NoAnswer`.
    """

    list_leads: LeadListing | None = None
    fetch_lead: Callable[[VendorSession, str], bytes] | None = None
