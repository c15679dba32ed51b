"""A drop: a folder on another company's server, from which we fetch files."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from leadloop.providers.http_json import NoAnswer
from leadloop.providers.public_address import NotPublic

ANSWER_TIMEOUT = 15.0  # seconds for each answer of the server
MOST_FILES = 10_000
CONTROL_CHARACTER = re.compile(r"[\0-\x1f\x7f]")  # a file name with one is skipped
WIRE_CHARSET = "latin-1"  # one character for each byte, so every name can be read

HostResolver = Callable[[str, int], str]  # host, port → the one address to connect to


class DropFile(NamedTuple):
    """A file in the server's list. `size` is in bytes; `stamp` is its time in the server's form."""

    name: str
    size: int
    stamp: str


def encode_wire_text(text: str) -> str:
    """The UTF-8 bytes of `text` as characters of `WIRE_CHARSET`."""
    return text.encode().decode(WIRE_CHARSET)


def decode_wire_text(name: str) -> str:
    """A name from the server in its real characters: its bytes are UTF-8, or else CP1252."""
    raw = name.encode(WIRE_CHARSET)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def newest_files(files: Iterable[DropFile]) -> list[DropFile]:
    """The newest `MOST_FILES`, oldest first. So many old files cannot hide new ones."""
    return sorted(files, key=lambda file: (file.stamp, file.name))[-MOST_FILES:]


class Login(NamedTuple):
    """A user name, and a password or a private key in OpenSSH or PEM format."""

    user: str = "anonymous"
    secret: str = ""

    @property
    def is_key(self) -> bool:
        """Whether the secret is a private key."""
        return self.secret.startswith("-----BEGIN")


class Drop(Protocol):
    """An open folder. Each method raises `NoAnswer` if the server does not deliver."""

    def files(self) -> list[DropFile]:
        """The files in the folder now, without folders and links."""
        ...

    def fetch(self, file: DropFile, most: int) -> bytes:
        """The bytes of a file. Raises `NoAnswer` also if it has more than `most` bytes."""
        ...


class DropLocation(NamedTuple):
    """The place of a drop. `address` is the checked IP address of `host`, to connect to."""

    scheme: str
    host: str
    address: str
    port: int
    folder: str


PORTS = {"ftp": 21, "ftps": 21, "sftp": 22}


def resolve_drop(url: str, resolve: HostResolver) -> DropLocation:
    """The place of the drop at `url`.

    Raises:
        NoAnswer: its host has no public address.

    """
    target = urlsplit(url)
    port = target.port or PORTS[target.scheme]
    host = target.hostname or ""
    try:
        address = resolve(host, port)
    except NotPublic as error:
        raise NoAnswer(str(error), passing=False) from error
    return DropLocation(target.scheme, host, address, port, unquote(target.path) or "/")
