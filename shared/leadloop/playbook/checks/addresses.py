"""Addresses in a playbook that nothing can reach: of reps, of ourselves, and of feeds."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from leadloop.intake.policy import FeedSource
from leadloop.playbook.checks.mappings import LocatedFault
from leadloop.playbook.model import Playbook
from leadloop.policy.public_hosts import may_be_public_host
from leadloop.quality.email import parse_email


def address_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    """A fault for each mail address that is none, and each feed at an inner address."""
    if parse_email(playbook.company.sender) is None:
        yield ("company", "sender"), "is no e-mail address"
    for key, pool in playbook.pools.items():
        for n, rep in enumerate(pool.reps):
            if parse_email(rep.email) is None:
                yield ("pools", key, "reps", n, "email"), "is no e-mail address"
    for key, source in playbook.sources.items():
        if isinstance(source, FeedSource) and not _leads_outside(source.address):
            yield ("sources", key, "address"), "leads to no server of the public internet"


def _leads_outside(address: str) -> bool:
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return False
    return host is not None and may_be_public_host(host)
