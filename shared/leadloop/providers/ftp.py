"""Drops by FTP, in TLS if the address begins with `ftps`.

Data connections go to the server itself, never to another address that it names.

Source: RFC 959, RFC 3659 (MLSD, SIZE, MDTM), RFC 4217 (TLS)
"""

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ftplib import FTP, FTP_TLS, all_errors, error_perm, error_temp
from socket import socket
from typing import TypeVar

from leadloop.providers.drop import (
    ANSWER_TIMEOUT,
    CONTROL_CHARACTER,
    WIRE_CHARSET,
    Drop,
    DropFile,
    DropLocation,
    Login,
    decode_wire_text,
    encode_wire_text,
    newest_files,
)
from leadloop.providers.http_json import NoAnswer

T = TypeVar("T")
UNKNOWN_COMMAND_CODES = ("500", "501", "502", "504")
EMPTY_FOLDER_CODE = "550"  # some servers answer it for an empty folder
# A line of LIST for a plain file, on Unix and on Windows servers.
UNIX_LIST_LINE = re.compile(
    r"-[-rwxsStT]{9}\S?\s{1,9}\d{1,9}\s{1,40}(?:\S{1,40}\s{1,40}){1,2}?(?P<size>\d{1,15})\s{1,9}"
    r"(?P<stamp>[A-Za-z]{3}\s{1,3}\d{1,2}\s{1,3}(?:\d{4}|\d{1,2}:\d{2}))\s(?P<name>.{1,1000})"
)
DOS_LIST_LINE = re.compile(
    r"(?P<stamp>\d{2,4}[-/.]\d{2}[-/.]\d{2,4}\s{1,9}\d{1,2}:\d{2}(?:\s?[AP]M)?)\s{1,40}"
    r"(?P<size>\d{1,15})\s(?P<name>.{1,1000})"
)
MLSD_FACTS = ["type", "size", "modify"]
CONNECTION_ERRORS: tuple[type[Exception], ...] = (*all_errors, ValueError)


@contextmanager
def open_ftp_drop(place: DropLocation, login: Login) -> Iterator[Drop]:
    """The open folder.

    Raises:
        NoAnswer: the server cannot be reached, shows a bad certificate, or refuses the login.

    """
    client = _client(place.scheme)
    try:
        _call_server(lambda: _log_in(client, place, login))
        yield FtpFolder(client)
    finally:
        client.close()


class SessionReusingFtp(FTP_TLS):
    """FTP in TLS whose data connections reuse the session of the commands.

    Strict servers demand that.
    """

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket, int | None]:
        plain, size = FTP.ntransfercmd(self, cmd, rest)  # noqa: S321 - encrypted two lines below
        session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
        secured = self.context.wrap_socket(plain, server_hostname=self.host, session=session)
        return secured, size


def _client(scheme: str) -> FTP:
    if scheme == "ftps":
        context = ssl.create_default_context()
        return SessionReusingFtp(timeout=ANSWER_TIMEOUT, context=context, encoding=WIRE_CHARSET)
    return FTP(timeout=ANSWER_TIMEOUT, encoding=WIRE_CHARSET)  # noqa: S321 - the playbook names servers without TLS


def _log_in(client: FTP, place: DropLocation, login: Login) -> None:
    client.connect(place.address, place.port)
    client.host = place.host  # what the certificate must name
    client.login(encode_wire_text(login.user), encode_wire_text(login.secret))
    if isinstance(client, FTP_TLS):
        client.prot_p()
    client.cwd(encode_wire_text(place.folder))
    client.voidcmd("TYPE I")


class FtpFolder:
    """One open folder.

    `_raw_names` maps a shown name to the server's own bytes, as `WIRE_CHARSET` text: names are sent
    back in the charset that they came in.
    """

    def __init__(self, client: FTP) -> None:
        self._client = client
        self._raw_names: dict[str, str] = {}

    def files(self) -> list[DropFile]:
        """The plain files in the folder: by MLSD, or on old servers name by name, or by LIST.

        Raises:
            NoAnswer: the server does not answer.

        """
        return newest_files(_call_server(self._list_files))

    def fetch(self, file: DropFile, most: int) -> bytes:
        """The bytes of a file. Raises `NoAnswer`, also if it has more than `most` bytes."""
        pieces: list[bytes] = []
        size = 0

        def collect(piece: bytes) -> None:
            nonlocal size
            size += len(piece)
            if size > most:
                raise NoAnswer(f"{file.name} has more than {most} bytes", passing=False)
            pieces.append(piece)

        def retrieve() -> None:
            name = self._raw_names.get(file.name, encode_wire_text(file.name))
            try:
                self._client.retrbinary(f"RETR {name}", collect)
            except (error_perm, error_temp) as error:  # the server answers but refuses this file
                raise NoAnswer(f"it is not given: {str(error)[:3]}", passing=False) from error

        _call_server(retrieve)
        return b"".join(pieces)

    def _list_files(self) -> list[DropFile]:
        try:
            rows = list(self._client.mlsd(facts=MLSD_FACTS))
        except error_perm as error:
            if not str(error).startswith(UNKNOWN_COMMAND_CODES):
                raise
            return self._list_by_name()
        named = [(name, facts) for name, facts in rows if _is_file_name(name)]
        files = [each for each in named if each[1].get("type", "file").casefold() == "file"]
        self._client.voidcmd("TYPE I")  # MLSD switched to text mode, but SIZE needs binary mode
        drop_files = (
            DropFile(self._remember_name(name), int(facts["size"]), facts.get("modify", ""))
            if "size" in facts
            else self._query_file(name)
            for name, facts in files
        )
        return [file for file in drop_files if file is not None]

    def _list_by_name(self) -> list[DropFile]:
        try:
            names = [name.rpartition("/")[2] for name in self._client.nlst()]
        except error_perm as error:
            if str(error).startswith(EMPTY_FOLDER_CODE):
                return []
            raise
        self._client.voidcmd("TYPE I")
        try:
            files = [self._query_file(name) for name in names if _is_file_name(name)]
        except SizeUnsupported:
            return self._list_by_text()
        return [file for file in files if file is not None]

    def _list_by_text(self) -> list[DropFile]:
        """The files by LIST. Their times may lack a year: two polls only compare them."""
        lines: list[str] = []
        self._client.retrlines("LIST", lines.append)
        self._client.voidcmd("TYPE I")
        files = filter(None, map(parse_list_line, lines))
        return [file._replace(name=self._remember_name(file.name)) for file in files]

    def _query_file(self, name: str) -> DropFile | None:
        """The file called `name`; None: it has no size, so it is a folder.

        Raises:
            SizeUnsupported: the server does not know the command SIZE.

        """
        try:
            size = self._client.size(name) or 0
        except error_perm as error:
            if str(error).startswith(UNKNOWN_COMMAND_CODES):
                raise SizeUnsupported from error
            return None
        try:
            stamp = self._client.voidcmd(f"MDTM {name}")
        except error_perm:
            stamp = ""
        return DropFile(self._remember_name(name), size, stamp)

    def _remember_name(self, name: str) -> str:
        self._raw_names[decode_wire_text(name)] = name
        return decode_wire_text(name)


class SizeUnsupported(Exception):
    """The server does not know the command SIZE."""


def parse_list_line(line: str) -> DropFile | None:
    """The file of a line of LIST; None: it is a folder, a link or something else."""
    match = UNIX_LIST_LINE.fullmatch(line) or DOS_LIST_LINE.fullmatch(line)
    if match is None or not _is_file_name(match["name"]):
        return None
    return DropFile(match["name"], int(match["size"]), " ".join(match["stamp"].split()))


def _is_file_name(name: str) -> bool:
    return name not in {".", ".."} and "/" not in name and not CONTROL_CHARACTER.search(name)


def _call_server(question: Callable[[], T]) -> T:
    try:
        return question()
    except ssl.SSLCertVerificationError as error:
        raise NoAnswer("shows another's certificate", passing=False) from error
    except CONNECTION_ERRORS as error:
        raise NoAnswer(f"no answer: {type(error).__name__}", passing=True) from error
