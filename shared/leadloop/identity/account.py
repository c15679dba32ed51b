"""The company behind a mail address: its registrable domain.

Source: https://publicsuffix.org
"""

import functools

from publicsuffixlist import PublicSuffixList


@functools.cache
def _suffixes() -> PublicSuffixList:
    # Our domains are in Unicode. Suffixes in Punycode would take two thirds of the time to load.
    return PublicSuffixList(accept_encoded_idn=False)


def account_of(email: str | None, *, free_mail: bool) -> str | None:
    """The registrable domain: `acme.co.uk` for `ana@mail.acme.co.uk`.

    None: there is no address, or it is one of free mail. `email` is in the normal form of
    `quality.email`.
    """
    if not email or free_mail:
        return None
    domain = _suffixes().privatesuffix(email.rpartition("@")[2])
    return str(domain) if domain else None
