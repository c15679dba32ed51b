"""Checks of outside providers, with the playbook, secrets and gateway of this process."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from leadloop.edge import secrets
from leadloop.edge.clock import now
from leadloop.edge.live_playbook import playbook
from leadloop.edge.problems import AttemptSuccess, attempt
from leadloop.edge.wiring import Wiring, get_wiring
from leadloop.intake.policy import Source
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure
from leadloop.settings import VendorSettings

if TYPE_CHECKING:
    from leadloop.providers.checks import ProviderChecks
    from leadloop.providers.http_json import HttpClient


def ask_providers(refs: Sequence[CheckRef]) -> Mapping[CheckRef, ProviderAnswer | ProviderFailure]:
    """The answer of each provider, or why there is none; for `act`."""
    return _checks(get_wiring())(refs)


def outbound_client() -> "HttpClient":
    """The client by which this deployment reaches others."""
    from leadloop.providers.http_json import HttpClient  # noqa: PLC0415  most batches ask nobody

    return HttpClient(get_wiring().settings(VendorSettings).OUTBOUND_GATEWAY)


def vendor_key(name: str) -> str | None:
    """The key of a vendor's API; None if there is none, or if it cannot be read now."""
    secret = attempt("Reading a vendor's key", lambda: secrets.vendor_secrets().newest_key(name))
    return secret.value if isinstance(secret, AttemptSuccess) else None


@cache
def _checks(_wiring: Wiring) -> "ProviderChecks":
    from leadloop.providers.checks import ProviderChecks  # noqa: PLC0415  the same

    return ProviderChecks(http=outbound_client(), source=_source, secret=vendor_key, clock=now)


def _source(name: str) -> Source | None:
    return playbook().playbook.sources.get(name)
