"""The addresses that we may connect to: only public ones.

A name from a playbook or a vendor must not lead to our own machines. So a name is resolved once,
and all its addresses are checked. The connection goes to a checked address. So it does not matter
if the name server gives another answer a moment later.
"""

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network

IpAddress = IPv4Address | IPv6Address

# Their addresses contain an IPv4 address or lead to one; no service has such an address.
# Source: RFC 6052, RFC 8215, RFC 3056, RFC 4380.
TRANSLATION_NETWORKS = tuple(
    map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)


class NotPublic(Exception):
    """The name has an address outside the public internet, or none at all."""


def resolve_public_address(host: str, port: int) -> str:
    """An IP address of `host`, if all its addresses are public.

    Raises:
        NotPublic: at least one is not public, or there is none.

    """
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotPublic("the name has no address") from error
    addresses = [str(place[0]) for *_, place in infos]
    if not addresses or not all(map(is_public_address, addresses)):
        raise NotPublic("the name leads to no public address")
    return addresses[0]


def is_public_address(text: str) -> bool:
    """Whether an IP address, as a resolver writes it, belongs to the public internet."""
    try:
        address: IpAddress = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public_address(str(address.ipv4_mapped))
        if any(address in network for network in TRANSLATION_NETWORKS):
            return False
    return address.is_global and not address.is_multicast
