"""Drops by SFTP. The server's key is known beforehand; a server with another key is refused."""

import asyncio
import stat
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import asyncssh

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
FILE_TIMEOUT = 120.0  # seconds for one file


@contextmanager
def open_sftp_drop(place: DropLocation, login: Login, host_key: str) -> Iterator[Drop]:
    """The open folder.

    Raises:
        NoAnswer: the server cannot be reached, shows another key, or refuses the login.

    """
    with asyncio.Runner() as runner:
        connection = _call_server(runner, _connect(place, login, host_key))
        try:
            client = _call_server(runner, _open_client(connection))
            yield SftpFolder(runner, client, place.folder)
        finally:
            connection.abort()
            runner.run(connection.wait_closed())


async def _connect(
    place: DropLocation, login: Login, host_key: str
) -> asyncssh.SSHClientConnection:
    keys = [asyncssh.import_private_key(login.secret)] if login.is_key else []
    return await asyncssh.connect(
        place.address,
        place.port,
        known_hosts=([asyncssh.import_public_key(host_key)], [], []),
        username=login.user,
        password=None if login.is_key else login.secret,
        client_keys=keys,
        agent_path=None,
        config=None,
        connect_timeout=ANSWER_TIMEOUT,
        login_timeout=ANSWER_TIMEOUT,
    )


async def _open_client(connection: asyncssh.SSHClientConnection) -> asyncssh.SFTPClient:
    return await connection.start_sftp_client(path_encoding=WIRE_CHARSET)


class SftpFolder:
    """One open folder. `_raw_names` maps a shown name to its bytes, as `WIRE_CHARSET` text."""

    def __init__(self, runner: asyncio.Runner, client: asyncssh.SFTPClient, folder: str) -> None:
        self._runner, self._client, self._folder = runner, client, encode_wire_text(folder)
        self._raw_names: dict[str, str] = {}

    def files(self) -> list[DropFile]:
        """The plain files in the folder. Raises `NoAnswer`."""
        rows = _call_server(self._runner, self._client.readdir(self._folder))
        files = [file for row in rows if (file := _build_drop_file(row)) is not None]
        self._raw_names |= {decode_wire_text(file.name): file.name for file in files}
        return newest_files(file._replace(name=decode_wire_text(file.name)) for file in files)

    def fetch(self, file: DropFile, most: int) -> bytes:
        """The bytes of a file. Raises `NoAnswer`, also if it has more than `most` bytes."""
        name = self._raw_names.get(file.name, encode_wire_text(file.name))
        content = _call_server(self._runner, self._read(f"{self._folder.rstrip('/')}/{name}", most))
        if len(content) > most:
            raise NoAnswer(f"{file.name} has more than {most} bytes", passing=False)
        return content

    async def _read(self, path: str, most: int) -> bytes:
        async with self._client.open(path, "rb") as file:
            content = await file.read(most + 1)
            return content.encode() if isinstance(content, str) else content


def _build_drop_file(row: asyncssh.SFTPName) -> DropFile | None:
    """The file of a directory entry; None: it is no plain file of this folder."""
    name = row.filename if isinstance(row.filename, str) else row.filename.decode(WIRE_CHARSET)
    mode = row.attrs.permissions
    is_file = mode is None or stat.S_ISREG(mode)
    if not is_file or name in {".", ".."} or "/" in name or CONTROL_CHARACTER.search(name):
        return None
    return DropFile(name, row.attrs.size or 0, str(row.attrs.mtime or ""))


def _call_server(runner: asyncio.Runner, question: Coroutine[Any, Any, T]) -> T:
    try:
        return runner.run(asyncio.wait_for(question, FILE_TIMEOUT))
    except (asyncssh.HostKeyNotVerifiable, asyncssh.KeyImportError) as error:
        raise NoAnswer("shows another's key", passing=False) from error
    except asyncssh.PermissionDenied as error:
        raise NoAnswer("lets nobody in by this login", passing=False) from error
    except (asyncssh.SFTPNoConnection, asyncssh.SFTPConnectionLost) as error:
        raise NoAnswer("no answer: the connection is lost", passing=True) from error
    except asyncssh.SFTPError as error:  # the server answers but refuses this file
        raise NoAnswer(f"it is not given: {type(error).__name__}", passing=False) from error
    except (asyncssh.Error, OSError, TimeoutError) as error:
        raise NoAnswer(f"no answer: {type(error).__name__}", passing=True) from error
