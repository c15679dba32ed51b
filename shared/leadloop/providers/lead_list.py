"""What every provider is asked with, and what one that lists its leads answers."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from leadloop.intake.policy import WebhookSource
from leadloop.providers.http_json import HttpClient, NoAnswer

SecretLookup = Callable[
    [str], str | None
]  # by the name a playbook has for it; None: not there (yet)


class VendorSession(NamedTuple):
    """`source` is the row that says on whose behalf."""

    outside: HttpClient
    source: WebhookSource
    secret: SecretLookup

    @property
    def bearer_header(self) -> Mapping[str, str]:
        """The header that opens the vendor's API.

        Raises:
            NoAnswer: the row names no token, or there is none of this name.

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
