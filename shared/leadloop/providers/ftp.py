"""FTP, in TLS where the address says `ftps`. Data is only ever taken from the server itself."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ftplib import FTP, FTP_TLS, all_errors, error_perm
from socket import socket
from typing import TypeVar

from leadloop.providers.drop import MOST_FILES, PATIENCE, Drop, Login, Lying, Place
from leadloop.providers.http_json import NoAnswer

T = TypeVar("T")
UNKNOWN_COMMAND = ("500", "501", "502", "504")
NOTHING_THERE = "550"  # so some say that a folder is empty
FACTS = ["type", "size", "modify"]
BREAKS: tuple[type[Exception], ...] = (*all_errors, ValueError)


@contextmanager
def opened(place: Place, login: Login) -> Iterator[Drop]:
    """The folder; raises `NoAnswer`."""
    client = _client(place.scheme)
    try:
        _asked(lambda: _enter(client, place, login))
        yield Folder(client)
    finally:
        client.close()


class OneSession(FTP_TLS):
    """Data travels in the TLS session of the commands, as strict servers demand."""

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket, int | None]:
        plain, size = FTP.ntransfercmd(self, cmd, rest)  # noqa: S321 - of what is encrypted below
        held = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
        secured = self.context.wrap_socket(plain, server_hostname=self.host, session=held)
        return secured, size


def _client(scheme: str) -> FTP:
    if scheme == "ftps":
        context = ssl.create_default_context()
        return OneSession(timeout=PATIENCE, context=context)
    return FTP(timeout=PATIENCE)  # noqa: S321 - the playbook says whom we know no better way to


def _enter(client: FTP, place: Place, login: Login) -> None:
    client.connect(place.address, place.port)
    client.host = place.host  # what the certificate must name
    client.login(login.user, login.secret)
    if isinstance(client, FTP_TLS):
        client.prot_p()
    client.cwd(place.folder)
    client.voidcmd("TYPE I")


class Folder:
    """One open folder."""

    def __init__(self, client: FTP) -> None:
        self._client = client

    def files(self) -> list[Lying]:
        """By MLSD; servers from before it are asked name by name."""
        return _asked(self._listed)[:MOST_FILES]

    def fetch(self, file: Lying, most: int) -> bytes:
        """Raises `NoAnswer`."""
        pieces: list[bytes] = []
        size = 0

        def keep(piece: bytes) -> None:
            nonlocal size
            size += len(piece)
            if size > most:
                raise NoAnswer(f"{file.name} has more than {most} bytes", passing=False)
            pieces.append(piece)

        _asked(lambda: self._client.retrbinary(f"RETR {file.name}", keep))
        return b"".join(pieces)

    def _listed(self) -> list[Lying]:
        try:
            rows = list(self._client.mlsd(facts=FACTS))
        except error_perm as error:
            if not str(error).startswith(UNKNOWN_COMMAND):
                raise
            return self._listed_by_name()
        return [
            Lying(name, int(facts.get("size", 0)), facts.get("modify", ""))
            for name, facts in rows
            if facts.get("type", "file").casefold() == "file" and _is_file_name(name)
        ]

    def _listed_by_name(self) -> list[Lying]:
        try:
            names = self._client.nlst()
        except error_perm as error:
            if str(error).startswith(NOTHING_THERE):
                return []
            raise
        self._client.voidcmd("TYPE I")  # listing was in text; a size is asked for in bytes
        found = (self._known(name) for name in names if _is_file_name(name))
        return [file for file in found if file is not None]

    def _known(self, name: str) -> Lying | None:
        """None for what has no size: a folder."""
        try:
            size = self._client.size(name) or 0
            return Lying(name, size, self._client.voidcmd(f"MDTM {name}"))
        except error_perm:
            return None


def _is_file_name(name: str) -> bool:
    return name not in {".", ".."} and "/" not in name and name.isprintable()


def _asked(question: Callable[[], T]) -> T:
    try:
        return question()
    except ssl.SSLCertVerificationError as error:
        raise NoAnswer("shows another's certificate", passing=False) from error
    except BREAKS as error:
        raise NoAnswer(f"no answer: {type(error).__name__}", passing=True) from error
