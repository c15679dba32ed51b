"""Which addresses we may connect to: only public ones, and the very one that was looked at.

A name in a playbook, or in what a vendor sent, must not lead to our own machines: it is resolved
once, every address it has is judged, and the connection goes to the judged address, so that a name
server that answers otherwise a moment later changes nothing.
"""

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network

IpAddress = IPv4Address | IPv6Address

# Each holds an IPv4 address inside, or leads to one; none is a place that a service is at.
TRANSLATION_NETWORKS = tuple(
    map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)


class NotPublic(Exception):
    """The name leads to an address that is not on the public internet, or to none."""


def resolve_public_address(host: str, port: int) -> str:
    """One address of `host`, all of which are public.

    Raises:
        NotPublic: at least one is not, or there is none.

    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotPublic("the name has no address") from error
    addresses = [str(place[0]) for *_, place in found]
    if not addresses or not all(map(is_public_address, addresses)):
        raise NotPublic("the name leads to no public address")
    return addresses[0]


def is_public_address(text: str) -> bool:
    """Whether an address, as a resolver gives it, is one of the public internet."""
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
