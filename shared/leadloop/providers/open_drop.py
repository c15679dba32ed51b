"""Opens a drop by the protocol of its address."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from leadloop.providers.drop import Drop, DropLocation, Login


@contextmanager
def open_drop(place: DropLocation, login: Login, host_key: str | None) -> Iterator[Drop]:
    """The open drop. `host_key` is the SSH server's public key; only SFTP needs it.

    Raises:
        NoAnswer: the server cannot be reached or refuses the login.

    """
    context: AbstractContextManager[Drop]
    if place.scheme == "sftp":
        from leadloop.providers import sftp  # noqa: PLC0415  slow to load, and few have one

        context = sftp.open_sftp_drop(place, login, host_key or "")
    else:
        from leadloop.providers import ftp  # noqa: PLC0415  the same

        context = ftp.open_ftp_drop(place, login)
    with context as drop:
        yield drop
