"""The company behind a mail address: its registrable domain.

Source: https://publicsuffix.org
"""

import functools
from collections.abc import Mapping
from importlib.resources import files

from publicsuffixlist import PublicSuffixList


@functools.cache
def _suffixes() -> PublicSuffixList:
    # Our domains are in Unicode. Suffixes in Punycode would take two thirds of the time to load.
    return PublicSuffixList(accept_encoded_idn=False)


def account_of(email: str | None, *, free_mail: bool) -> str | None:
    """The registrable domain: `acme.co.uk` for `ana@mail.acme.co.uk`.

    At a host of many firms it is the firm's own name there: `acme.onmicrosoft.com`. None: there is
    no address, or it is one of free mail. `email` is in the normal form of `quality.email`.
    """
    if not email or free_mail:
        return None
    mail_domain = email.rpartition("@")[2]
    domain = _tenant(mail_domain) or _suffixes().privatesuffix(mail_domain)
    return str(domain) if domain else None


def _tenant(domain: str) -> str | None:
    """The name of one firm at a host of many, by the longest host; None: it is at none."""
    labels = domain.split(".")
    for n in range(1, len(labels)):
        host = _tenant_hosts().get(".".join(labels[n:]))
        if host is not None:
            is_inner_host = ".".join(labels[n - 1 :]) in _tenant_hosts()
            return None if is_inner_host else f"{labels[n - 1]}.{host}"
    return None


@functools.cache
def _tenant_hosts() -> Mapping[str, str]:
    """The host under which firms are known, by the host of their addresses."""
    lines = files("leadloop.identity").joinpath("tenant_hosts.txt").read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return {row[0]: row[-1] for row in rows}
