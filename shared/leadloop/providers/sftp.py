"""SFTP to a server whose key is known beforehand: another's is never talked to."""

import asyncio
import stat
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import asyncssh

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
WHOLE = 120.0  # seconds for one file


@contextmanager
def opened(place: Place, login: Login, host_key: str) -> Iterator[Drop]:
    """The folder; raises `NoAnswer`."""
    with asyncio.Runner() as runner:
        connection = _asked(runner, _connected(place, login, host_key))
        try:
            client = _asked(runner, _entered(connection))
            yield Folder(runner, client, place.folder)
        finally:
            connection.abort()
            runner.run(connection.wait_closed())


async def _connected(place: Place, login: Login, host_key: str) -> asyncssh.SSHClientConnection:
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
        connect_timeout=PATIENCE,
        login_timeout=PATIENCE,
    )


async def _entered(connection: asyncssh.SSHClientConnection) -> asyncssh.SFTPClient:
    return await connection.start_sftp_client(path_encoding=AS_BYTES)


class Folder:
    """One open folder."""

    def __init__(self, runner: asyncio.Runner, client: asyncssh.SFTPClient, folder: str) -> None:
        self._runner, self._client, self._folder = runner, client, on_the_wire(folder)
        self._as_came: dict[str, str] = {}

    def files(self) -> list[Lying]:
        """Raises `NoAnswer`."""
        rows = _asked(self._runner, self._client.readdir(self._folder))
        found = [file for row in rows if (file := _lying(row)) is not None]
        self._as_came |= {shown(file.name): file.name for file in found}
        return newest(file._replace(name=shown(file.name)) for file in found)

    def fetch(self, file: Lying, most: int) -> bytes:
        """Raises `NoAnswer`."""
        name = self._as_came.get(file.name, on_the_wire(file.name))
        content = _asked(self._runner, self._read(f"{self._folder.rstrip('/')}/{name}", most))
        if len(content) > most:
            raise NoAnswer(f"{file.name} has more than {most} bytes", passing=False)
        return content

    async def _read(self, path: str, most: int) -> bytes:
        async with self._client.open(path, "rb") as file:
            content = await file.read(most + 1)
            return content.encode() if isinstance(content, str) else content


def _lying(row: asyncssh.SFTPName) -> Lying | None:
    """None for whatever is no plain file in this folder."""
    name = row.filename if isinstance(row.filename, str) else row.filename.decode(AS_BYTES)
    mode = row.attrs.permissions
    is_file = mode is None or stat.S_ISREG(mode)
    if not is_file or name in {".", ".."} or "/" in name or CONTROL.search(name):
        return None
    return Lying(name, row.attrs.size or 0, str(row.attrs.mtime or ""))


def _asked(runner: asyncio.Runner, question: Coroutine[Any, Any, T]) -> T:
    try:
        return runner.run(asyncio.wait_for(question, WHOLE))
    except (asyncssh.HostKeyNotVerifiable, asyncssh.KeyImportError) as error:
        raise NoAnswer("shows another's key", passing=False) from error
    except asyncssh.PermissionDenied as error:
        raise NoAnswer("lets nobody in by this login", passing=False) from error
    except (asyncssh.SFTPNoConnection, asyncssh.SFTPConnectionLost) as error:
        raise NoAnswer("no answer: the connection is lost", passing=True) from error
    except asyncssh.SFTPError as error:  # the server is there, and keeps this one
        raise NoAnswer(f"it is not given: {type(error).__name__}", passing=False) from error
    except (asyncssh.Error, OSError, TimeoutError) as error:
        raise NoAnswer(f"no answer: {type(error).__name__}", passing=True) from error
