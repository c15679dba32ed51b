"""A folder on somebody else's server: where it is, what lies in it, and one file out of it."""

from collections.abc import Callable
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from leadloop.providers.addresses import NotPublic
from leadloop.providers.http_json import NoAnswer

PATIENCE = 15.0  # seconds for each answer of the server
MOST_FILES = 10_000

Resolve = Callable[[str, int], str]  # host, port → the one address to connect to


class Lying(NamedTuple):
    """A file as the server lists it. `stamp` is its time, as the server writes it."""

    name: str
    size: int
    stamp: str


class Login(NamedTuple):
    """`secret` is a password, or a private key in OpenSSH's or PEM's form."""

    user: str = "anonymous"
    secret: str = ""

    @property
    def is_key(self) -> bool:
        """Whether the secret is a private key."""
        return self.secret.startswith("-----BEGIN")


class Drop(Protocol):
    """An open folder; each of its methods raises `NoAnswer`."""

    def files(self) -> list[Lying]:
        """What lies there now; no folders, no links."""
        ...

    def fetch(self, file: Lying, most: int) -> bytes:
        """Its bytes; with more than `most` there is no answer."""
        ...


class Place(NamedTuple):
    """Where a drop is, its name looked up and judged: `address` is what to connect to."""

    scheme: str
    host: str
    address: str
    port: int
    folder: str


PORTS = {"ftp": 21, "ftps": 21, "sftp": 22}


def place_of(url: str, resolve: Resolve) -> Place:
    """Raises `NoAnswer` where the name leads to no public address."""
    target = urlsplit(url)
    port = target.port or PORTS[target.scheme]
    host = target.hostname or ""
    try:
        address = resolve(host, port)
    except NotPublic as error:
        raise NoAnswer(str(error), passing=False) from error
    return Place(target.scheme, host, address, port, unquote(target.path) or "/")
