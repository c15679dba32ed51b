"""The company behind a mail address: its registrable domain.

Source: https://publicsuffix.org
"""

import functools
import json
from importlib.resources import files

from publicsuffixlist import PublicSuffixList

# A service's domain → the service, and the domain below which its tenants are companies; "": the
# company's own domain stands before it. The public list has only those that asked for it.
TENANT_DOMAINS = "tenant_domains.json"


@functools.cache
def _suffixes() -> PublicSuffixList:
    # Our domains are in Unicode. Suffixes in Punycode would take two thirds of the time to load.
    return PublicSuffixList(accept_encoded_idn=False)


def account_of(email: str | None, *, free_mail: bool) -> str | None:
    """The registrable domain: `acme.co.uk` for `ana@mail.acme.co.uk`.

    Of a service with many tenants it is the tenant's: `acme.onmicrosoft.com`.
    None: there is no address, or it is one of free mail. `email` is in the normal form of
    `quality.email`.
    """
    if not email or free_mail:
        return None
    domain = email.rpartition("@")[2]
    return _tenant(domain) or _registrable_domain(domain)


def _registrable_domain(domain: str) -> str | None:
    registrable = _suffixes().privatesuffix(domain)
    return str(registrable) if registrable else None


def _tenant(domain: str) -> str | None:
    """The company among the tenants of a service; None: the domain is of no such service."""
    labels = domain.split(".")
    for count in range(1, len(labels)):
        service = ".".join(labels[count:])
        if service in _tenant_domains():
            account = _tenant_domains()[service]
            if not account:
                return _registrable_domain(".".join(labels[:count]))
            return f"{labels[count - 1]}.{account}"
    return None


@functools.cache
def _tenant_domains() -> dict[str, str]:
    text = files("leadloop.identity").joinpath(TENANT_DOMAINS).read_text("utf-8")
    return {service: row["account"] for service, row in json.loads(text).items()}
