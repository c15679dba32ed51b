"""The company behind an address, by its own registrable domain."""

import functools

from publicsuffixlist import PublicSuffixList


@functools.cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def account_of(email: str | None, *, free_mail: bool) -> str | None:
    """`ana@mail.acme.co.uk` → `acme.co.uk`; None for free mail and for no address."""
    if not email or free_mail:
        return None
    domain = _suffixes().privatesuffix(email.rpartition("@")[2])
    return str(domain) if domain else None
