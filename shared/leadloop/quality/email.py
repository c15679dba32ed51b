"""E-mail addresses: whether they are valid, what kind they are, which typing slip they may hold.

DNS is not asked.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from disposable_email_domains import blocklist

from leadloop.quality.mailbox_houses import is_mailbox_house

# Most addresses: of ASCII letters and digits, with single signs between. The library would say the
# same, but takes an eighth of a worker's start to load and a third of a millisecond an address.
PLAIN_ADDRESS = re.compile(
    r"([A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*)"
    r"@((?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+([A-Za-z]{2,}))"
)
LONGEST_LOCAL_PART, LONGEST_LABEL = 64, 63  # Source: RFC 5321, 4.5.3.1.1; RFC 1035, 2.3.4
# Nobody has a mailbox in these. Source: RFC 6761, RFC 6762, RFC 7686.
SPECIAL_DOMAINS = frozenset({"arpa", "invalid", "local", "localhost", "onion", "test"})
LONGEST = 254  # bytes. Source: RFC 5321, 4.5.3.1.3: a path of 256 with its brackets
DOMAIN_ALIASES = {"googlemail.com": "gmail.com"}
ROLE_WORDS = (
    "abuse accounts admin billing booking buchhaltung career careers contact customerservice "
    "einkauf enquiries finance hello help helpdesk hostmaster hr info inquiries it jobs kontakt "
    "kundenservice legal mail marketing no-reply noc noreply office orders post postmaster presse "
    "press privacy purchasing reception sales security service shop staff support team vertrieb "
    "webmaster zentrale"
)
ROLES = frozenset(ROLE_WORDS.split())
# Typing slips are searched against these: only domains that nearly everybody knows.
COMMON_DOMAIN_WORDS = (
    "gmail.com yahoo.com hotmail.com outlook.com icloud.com aol.com live.com msn.com comcast.net "
    "verizon.net gmx.de gmx.net web.de t-online.de freenet.de orange.fr wanadoo.fr free.fr "
    "laposte.net libero.it wp.pl yahoo.co.uk hotmail.co.uk btinternet.com proton.me"
)
SHORTEST_NAME = 5  # letters before the dot
COMMON_DOMAINS = tuple(COMMON_DOMAIN_WORDS.split())


class ValidAddress(NamedTuple):
    """A valid address in small letters; `ascii_domain` is the domain as DNS has it."""

    local: str
    domain: str
    ascii_domain: str


class Email(NamedTuple):
    """An address and what it shows. `address` is the normal form, by which people are matched.

    The normal form is NFC, in lower case, with the domain in Unicode. Only spellings that certainly
    reach the same mailbox become equal, so `+tags` and dots stay. `suggestion` is the address that
    was probably meant. `free_mail`: the domain tells of no company.
    """

    address: str
    domain: str
    free_mail: bool
    disposable: bool
    role: bool
    suggestion: str | None


@lru_cache(maxsize=4096)
def parse_email(text: str) -> Email | None:
    """The address in `text`; None: it is not a valid address. Source: RFC 5322, RFC 6531."""
    plain = text.strip(" ")
    if not plain or len(plain.encode("utf-8", "replace")) > LONGEST:
        return None
    parts = _split_plain(plain) or _split_checked(plain)
    if parts is None:
        return None
    local = parts.local
    domain = DOMAIN_ALIASES.get(parts.domain, parts.domain)
    ascii_domain = DOMAIN_ALIASES.get(parts.ascii_domain, parts.ascii_domain)
    free_mail = is_mailbox_house(ascii_domain)
    suggested_domain = None if free_mail else _suggest_domain(ascii_domain)
    return Email(
        address=unicodedata.normalize("NFC", f"{local}@{domain}"),
        domain=domain,
        free_mail=free_mail or _is_long_enough(suggested_domain),
        # A domain with a typing slip is not a throw-away domain.
        disposable=ascii_domain in blocklist and suggested_domain is None,
        role=local.partition("+")[0] in ROLES,
        suggestion=f"{local}@{suggested_domain}" if suggested_domain else None,
    )


def _split_plain(text: str) -> ValidAddress | None:
    """The parts of a plain address; None: the library has to look at it."""
    found = PLAIN_ADDRESS.fullmatch(text)
    if found is None or len(found[1]) > LONGEST_LOCAL_PART:
        return None
    local, domain = found[1].lower(), found[2].lower()
    if found[3].lower() in SPECIAL_DOMAINS or max(map(len, domain.split("."))) > LONGEST_LABEL:
        return None
    return ValidAddress(local, domain, domain)


def _split_checked(text: str) -> ValidAddress | None:
    """The parts of any valid address; None: it is not valid."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - slow to load

    try:
        valid = validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None
    return ValidAddress(valid.local_part.lower(), valid.domain.lower(), valid.ascii_domain.lower())


def _is_long_enough(suggested: str | None) -> bool:
    """Whether a slip of it is no company by chance, as `man.com` would be of `msn.com`."""
    return suggested is not None and len(suggested.partition(".")[0]) >= SHORTEST_NAME


def _suggest_domain(domain: str) -> str | None:
    """The only common domain that differs by one typing slip; None: there is none or several."""
    lengths = range(len(domain) - 1, len(domain) + 2)
    candidates = [
        each
        for length in lengths
        for each in _common_domains_by_length().get(length, ())
        if domain != each and is_one_typo(domain, each)
    ]
    return candidates[0] if len(candidates) == 1 else None


@cache
def _common_domains_by_length() -> Mapping[int, Sequence[str]]:
    by_length = defaultdict[int, list[str]](list)
    for domain in COMMON_DOMAINS:
        by_length[len(domain)].append(domain)
    return by_length


def is_one_typo(left: str, right: str) -> bool:
    """Whether one letter added, dropped, changed or swapped with its neighbour makes them equal."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    first = next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), None)
    if first is None:
        return True
    left_rest, right_rest = left[first:], right[first:]
    return (
        left_rest[1:] == right_rest
        or left_rest == right_rest[1:]
        or left_rest[1:] == right_rest[1:]
        or (left_rest[1::-1] + left_rest[2:] == right_rest and len(left_rest) > 1)
    )
