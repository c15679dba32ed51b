"""Which IP addresses and host names belong to the public internet, as far as their text tells."""

import ipaddress
import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network

IpAddress = IPv4Address | IPv6Address

# Their addresses contain an IPv4 address or lead to one; no service has such an address.
# Source: RFC 6052, RFC 8215, RFC 3056, RFC 4380, RFC 4291 2.5.5.1 (`::127.0.0.1`).
TRANSLATION_NETWORKS = tuple(
    map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96"))
)
# Addresses of one site, from before there were unique local ones. Source: RFC 3879.
SITE_NETWORK = IPv6Network("fec0::/10")
# Names that no public server has. Source: RFC 6761, RFC 6762, RFC 8375, RFC 9476, ICANN 2024.
INNER_NAMES = frozenset(
    {"alt", "home", "corp", "internal", "intranet", "invalid", "lan", "local", "localdomain",
     "localhost", "onion", "private"}
)  # fmt: skip
INNER_DOMAINS = (".home.arpa",)
# A name whose last part is a number is an IPv4 address in some spelling: 127.1, 0x7f000001.
# Source: WHATWG URL standard, "ends in a number checker".
NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")


def is_public_address(text: str) -> bool:
    """Whether an IP address, as a resolver writes it, belongs to the public internet."""
    try:
        address: IpAddress = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public_address(str(address.ipv4_mapped))
        if address in SITE_NETWORK or any(address in each for each in TRANSLATION_NETWORKS):
            return False
    return address.is_global and not address.is_multicast


def may_be_public_host(host: str) -> bool:
    """Whether a host name or address of a URL can be public; names are not resolved."""
    name = host.strip("[]").rstrip(".").lower()
    *_, last = name.rpartition(".")
    if ":" in name or NUMBER.fullmatch(last):
        return is_public_address(name)
    return "." in name and last not in INNER_NAMES and not name.endswith(INNER_DOMAINS)
