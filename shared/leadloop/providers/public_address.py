"""The addresses that we may connect to: only public ones.

A name from a playbook or a vendor must not lead to our own machines. So a name is resolved once,
and all its addresses are checked. The connection goes to a checked address. So it does not matter
if the name server gives another answer a moment later.
"""

import socket

from leadloop.policy.public_hosts import is_public_address


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
