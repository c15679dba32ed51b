"""The company behind a mail address: its registrable domain.

Source: https://publicsuffix.org
"""

import functools
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from publicsuffixlist import PSLFILE, PublicSuffixList

MOST_SUFFIX_LISTS = 64  # top-level domains whose suffixes are kept; most mail comes from a few


@functools.lru_cache(maxsize=MOST_SUFFIX_LISTS)
def _suffixes(top_level: str) -> PublicSuffixList:
    """The suffixes below one top-level domain: to load all takes ten times as long."""
    rules = [line for line in _rules() if line.endswith(top_level)]
    # Our domains are in Unicode: suffixes in Punycode are not needed.
    return PublicSuffixList(rules, accept_encoded_idn=False)


@functools.cache
def _rules() -> list[str]:
    """The lines of the public suffix list."""
    return Path(PSLFILE).read_text("utf-8").splitlines()


def account_of(email: str | None, *, free_mail: bool) -> str | None:
    """The registrable domain: `acme.co.uk` for `ana@mail.acme.co.uk`.

    At a host of many firms it is the firm's own name there: `acme.onmicrosoft.com`. None: there is
    no address, or it is one of free mail. `email` is in the normal form of `quality.email`.
    """
    if not email or free_mail:
        return None
    mail_domain = email.rpartition("@")[2]
    return _tenant(mail_domain) or _registrable_domain(mail_domain)


def _registrable_domain(domain: str) -> str | None:
    found = _suffixes(domain.rpartition(".")[2]).privatesuffix(domain)
    return str(found) if found else None


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
