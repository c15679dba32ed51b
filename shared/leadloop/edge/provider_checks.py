"""Asking others, wired: with this process's playbook, secrets and way out."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from leadloop.edge import secrets
from leadloop.edge.clock import now
from leadloop.edge.live_playbook import playbook
from leadloop.edge.problems import Done, attempt
from leadloop.edge.wiring import Wiring, wired
from leadloop.intake.policy import Source
from leadloop.model.provider_check import Checked, CheckRef, Unanswered
from leadloop.settings import VendorSettings

if TYPE_CHECKING:
    from leadloop.providers.checks import Checks
    from leadloop.providers.http_json import Outside


def ask(refs: Sequence[CheckRef]) -> Mapping[CheckRef, Checked | Unanswered]:
    """What each of those asked says; for `act`."""
    return _checks(wired())(refs)


def way_out() -> "Outside":
    """How this deployment reaches others."""
    from leadloop.providers.http_json import Outside  # noqa: PLC0415  most batches ask nobody

    return Outside(wired().settings(VendorSettings).OUTBOUND_GATEWAY)


def key(name: str) -> str | None:
    """The key of a vendor's API. One that cannot be read now holds up nobody else."""
    found = attempt("Reading a vendor's key", lambda: secrets.vendors().first(name))
    return found.value if isinstance(found, Done) else None


@cache
def _checks(_wiring: Wiring) -> "Checks":
    from leadloop.providers.checks import Checks  # noqa: PLC0415  the same

    return Checks(outside=way_out(), source=_source, secret=key, clock=now)


def _source(name: str) -> Source | None:
    return playbook().playbook.sources.get(name)
