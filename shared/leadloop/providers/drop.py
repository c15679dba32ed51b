"""A folder on somebody else's server: where it is, what lies in it, and one file out of it."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from leadloop.providers.http_json import NoAnswer
from leadloop.providers.public_address import NotPublic

ANSWER_TIMEOUT = 15.0  # seconds for each answer of the server
MOST_FILES = 10_000
CONTROL_CHARACTER = re.compile(r"[\0-\x1f\x7f]")  # none stands in a name that we ask for
WIRE_CHARSET = "latin-1"  # a character for each byte, so that no name breaks the reading of a list

HostResolver = Callable[[str, int], str]  # host, port → the one address to connect to


class DropFile(NamedTuple):
    """A file as the server lists it. `stamp` is its time, as the server writes it."""

    name: str
    size: int
    stamp: str


def encode_wire_text(text: str) -> str:
    """Ours in UTF-8, for a connection that reads and writes `AS_BYTES`."""
    return text.encode().decode(WIRE_CHARSET)


def decode_wire_text(name: str) -> str:
    """A name out of such a connection, as its writer read it."""
    came = name.encode(WIRE_CHARSET)
    try:
        return came.decode("utf-8")
    except UnicodeDecodeError:
        return came.decode("cp1252", errors="replace")


def newest_files(files: Iterable[DropFile]) -> list[DropFile]:
    """As many as are looked at, the oldest first: old ones that nobody clears away hide no new."""
    return sorted(files, key=lambda file: (file.stamp, file.name))[-MOST_FILES:]


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

    def files(self) -> list[DropFile]:
        """What lies there now; no folders, no links."""
        ...

    def fetch(self, file: DropFile, most: int) -> bytes:
        """Its bytes; with more than `most` there is no answer."""
        ...


class DropLocation(NamedTuple):
    """Where a drop is, its name looked up and judged: `address` is what to connect to."""

    scheme: str
    host: str
    address: str
    port: int
    folder: str


PORTS = {"ftp": 21, "ftps": 21, "sftp": 22}


def resolve_drop(url: str, resolve: HostResolver) -> DropLocation:
    """Raises `NoAnswer` where the name leads to no public address."""
    target = urlsplit(url)
    port = target.port or PORTS[target.scheme]
    host = target.hostname or ""
    try:
        address = resolve(host, port)
    except NotPublic as error:
        raise NoAnswer(str(error), passing=False) from error
    return DropLocation(target.scheme, host, address, port, unquote(target.path) or "/")
