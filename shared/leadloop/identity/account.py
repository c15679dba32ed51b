"""The company behind an address, by its own registrable domain."""

import functools

from publicsuffixlist import PublicSuffixList


@functools.cache
def _suffixes() -> PublicSuffixList:
    # Our domains are in Unicode; each suffix in Punycode as well would take two thirds of the time.
    return PublicSuffixList(accept_encoded_idn=False)


def account_of(email: str | None, *, free_mail: bool) -> str | None:
    """`ana@mail.acme.co.uk` → `acme.co.uk`; None for free mail and for no address.

    `email` is in its normal form (`quality.email`), its domain in Unicode.
    """
    if not email or free_mail:
        return None
    domain = _suffixes().privatesuffix(email.rpartition("@")[2])
    return str(domain) if domain else None
