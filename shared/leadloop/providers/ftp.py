"""FTP, in TLS where the address says `ftps`. Data is only ever taken from the server itself."""

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ftplib import FTP, FTP_TLS, all_errors, error_perm, error_temp
from socket import socket
from typing import TypeVar

from leadloop.providers.drop import (
    AS_BYTES,
    CONTROL,
    PATIENCE,
    Drop,
    Login,
    Lying,
    Place,
    newest,
    on_the_wire,
    shown,
)
from leadloop.providers.http_json import NoAnswer

T = TypeVar("T")
UNKNOWN_COMMAND = ("500", "501", "502", "504")
NOTHING_THERE = "550"  # so some say that a folder is empty
# What LIST says, on most servers, and on those of Windows; folders and links left out.
UNIX = re.compile(
    r"-[-rwxsStT]{9}\S?\s{1,9}\d{1,9}\s{1,40}(?:\S{1,40}\s{1,40}){1,2}?(?P<size>\d{1,15})\s{1,9}"
    r"(?P<stamp>[A-Za-z]{3}\s{1,3}\d{1,2}\s{1,3}(?:\d{4}|\d{1,2}:\d{2}))\s(?P<name>.{1,1000})"
)
DOS = re.compile(
    r"(?P<stamp>\d{2,4}[-/.]\d{2}[-/.]\d{2,4}\s{1,9}\d{1,2}:\d{2}(?:\s?[AP]M)?)\s{1,40}"
    r"(?P<size>\d{1,15})\s(?P<name>.{1,1000})"
)
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
        return OneSession(timeout=PATIENCE, context=context, encoding=AS_BYTES)
    return FTP(timeout=PATIENCE, encoding=AS_BYTES)  # noqa: S321 - the playbook says whom we know no better way to


def _enter(client: FTP, place: Place, login: Login) -> None:
    client.connect(place.address, place.port)
    client.host = place.host  # what the certificate must name
    client.login(on_the_wire(login.user), on_the_wire(login.secret))
    if isinstance(client, FTP_TLS):
        client.prot_p()
    client.cwd(on_the_wire(place.folder))
    client.voidcmd("TYPE I")


class Folder:
    """One open folder. Names go to the server as they came, whatever charset they are in."""

    def __init__(self, client: FTP) -> None:
        self._client = client
        self._as_came: dict[str, str] = {}

    def files(self) -> list[Lying]:
        """By MLSD; servers from before it are asked name by name, or for what people read."""
        return newest(_asked(self._listed))

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

        def get() -> None:
            name = self._as_came.get(file.name, on_the_wire(file.name))
            try:
                self._client.retrbinary(f"RETR {name}", keep)
            except (error_perm, error_temp) as error:  # the server is there, and keeps this one
                raise NoAnswer(f"it is not given: {str(error)[:3]}", passing=False) from error

        _asked(get)
        return b"".join(pieces)

    def _listed(self) -> list[Lying]:
        try:
            rows = list(self._client.mlsd(facts=FACTS))
        except error_perm as error:
            if not str(error).startswith(UNKNOWN_COMMAND):
                raise
            return self._listed_by_name()
        named = [(name, facts) for name, facts in rows if _is_file_name(name)]
        files = [each for each in named if each[1].get("type", "file").casefold() == "file"]
        self._client.voidcmd("TYPE I")  # listing was in text; a size is asked for in bytes
        found = (
            Lying(self._shown(name), int(facts["size"]), facts.get("modify", ""))
            if "size" in facts
            else self._known(name)
            for name, facts in files
        )
        return [file for file in found if file is not None]

    def _listed_by_name(self) -> list[Lying]:
        try:
            names = [name.rpartition("/")[2] for name in self._client.nlst()]
        except error_perm as error:
            if str(error).startswith(NOTHING_THERE):
                return []
            raise
        self._client.voidcmd("TYPE I")
        try:
            found = [self._known(name) for name in names if _is_file_name(name)]
        except NoSizes:
            return self._listed_for_people()
        return [file for file in found if file is not None]

    def _listed_for_people(self) -> list[Lying]:
        """A time without its year will do: it only has to be the same at two polls."""
        lines: list[str] = []
        self._client.retrlines("LIST", lines.append)
        self._client.voidcmd("TYPE I")
        found = filter(None, map(read_by_people, lines))
        return [file._replace(name=self._shown(file.name)) for file in found]

    def _known(self, name: str) -> Lying | None:
        """None for what has no size: a folder. Raises `NoSizes` where nothing ever has one."""
        try:
            size = self._client.size(name) or 0
        except error_perm as error:
            if str(error).startswith(UNKNOWN_COMMAND):
                raise NoSizes from error
            return None
        try:
            stamp = self._client.voidcmd(f"MDTM {name}")
        except error_perm:
            stamp = ""
        return Lying(self._shown(name), size, stamp)

    def _shown(self, name: str) -> str:
        self._as_came[shown(name)] = name
        return shown(name)


class NoSizes(Exception):
    """The server does not know the question."""


def read_by_people(line: str) -> Lying | None:
    """A file out of what LIST says; None for folders, links and all else."""
    found = UNIX.fullmatch(line) or DOS.fullmatch(line)
    if found is None or not _is_file_name(found["name"]):
        return None
    return Lying(found["name"], int(found["size"]), " ".join(found["stamp"].split()))


def _is_file_name(name: str) -> bool:
    return name not in {".", ".."} and "/" not in name and not CONTROL.search(name)


def _asked(question: Callable[[], T]) -> T:
    try:
        return question()
    except ssl.SSLCertVerificationError as error:
        raise NoAnswer("shows another's certificate", passing=False) from error
    except BREAKS as error:
        raise NoAnswer(f"no answer: {type(error).__name__}", passing=True) from error
