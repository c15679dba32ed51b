"""Kinds of mail addresses: of a machine, of a desk, of the same organisation as another one.

The words are in `phrases/addresses.txt`.
"""

import re
from functools import cache

from leadloop.intake.text.phrase_files import alternatives

SECOND_LEVEL_DOMAINS = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne"})
NAME_OF_SITE = re.compile(r"[^\s@]{2,40}\.[a-z]{2,6}")  # a display name such as “homes.example”
SHORTEST_HOUSE = 4  # letters that a name and a domain have in common not only by chance


@cache
def machine_address_pattern() -> re.Pattern[str]:
    """Matches an address that no person reads, such as `no-reply@…`."""
    return re.compile(
        rf"{alternatives(__package__, 'addresses', 'machine')}\b[^@]{{0,64}}@", re.IGNORECASE
    )


@cache
def role_address_pattern() -> re.Pattern[str]:
    """Matches the address of a desk, such as `sales@…`."""
    return re.compile(rf"{alternatives(__package__, 'addresses', 'role')}@", re.IGNORECASE)


@cache
def mail_server_pattern() -> re.Pattern[str]:
    """Finds the address or the name with which a mail server sends its reports."""
    return re.compile(alternatives(__package__, "addresses", "mail_server"), re.IGNORECASE)


def is_machine_address(address: str) -> bool:
    """Whether no person reads what is sent to this address."""
    return machine_address_pattern().match(address) is not None


def is_role_address(address: str) -> bool:
    """Whether a desk answers at this address: the vendor's staff as often as the person."""
    return role_address_pattern().match(address) is not None


def domain_of(address: str) -> str:
    """What follows the last `@`, in small letters."""
    return address.rpartition("@")[2].lower()


def is_same_organisation(first_domain: str, second_domain: str) -> bool:
    """Whether one registered domain holds both; False where the first is empty."""
    return bool(first_domain) and (
        _registrable_domain(first_domain) == _registrable_domain(second_domain)
    )


def is_house_of_name(first_domain: str, second_domain: str) -> bool:
    """Whether one domain is the other's name and more: `houzen.example`, `houzenpro.example`."""
    first, second = (
        _registrable_domain(domain).partition(".")[0].replace("-", "")
        for domain in (first_domain, second_domain)
    )
    return min(len(first), len(second)) >= SHORTEST_HOUSE and (
        first.startswith(second) or second.startswith(first)
    )


def is_name_of_domain(name: str, domain: str) -> bool:
    """Whether a display name is the house's own: “Garden Post” at `mail.gardenpost.example`."""
    house = _registrable_domain(domain).partition(".")[0].replace("-", "")
    letters = "".join(letter for letter in name.casefold() if letter.isalnum())
    return min(len(house), len(letters)) >= SHORTEST_HOUSE and (
        house in letters or letters in house
    )


def vendor_names(domain: str, display_name: str) -> frozenset[str]:
    """The names by which a mail's sender calls itself, in small letters.

    A display name that is not the house's own may be a person's.
    """
    house = _registrable_domain(domain).partition(".")[0]
    names = {house, house.replace("-", " "), _registrable_domain(domain)}
    is_house = is_name_of_domain(display_name, domain) or NAME_OF_SITE.fullmatch(display_name)
    if display_name and is_house:
        names.add(" ".join(re.findall(r"\w+", display_name.casefold())))
    return frozenset(name for name in names if len(name) >= SHORTEST_HOUSE)


def _registrable_domain(domain: str) -> str:
    """What somebody registered, near enough: `acme.co.uk` of `mail.acme.co.uk`."""
    parts = domain.split(".")
    three = len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in SECOND_LEVEL_DOMAINS
    return ".".join(parts[-3 if three else -2 :])
