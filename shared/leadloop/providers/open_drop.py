"""A folder on somebody else's server, opened by the protocol of its address."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from leadloop.providers.drop import Drop, DropLocation, Login


@contextmanager
def open_drop(place: DropLocation, login: Login, host_key: str | None) -> Iterator[Drop]:
    way: AbstractContextManager[Drop]
    if place.scheme == "sftp":
        from leadloop.providers import sftp  # noqa: PLC0415  slow to load, and few have one

        way = sftp.open_sftp_drop(place, login, host_key or "")
    else:
        from leadloop.providers import ftp  # noqa: PLC0415  the same

        way = ftp.open_ftp_drop(place, login)
    with way as drop:
        yield drop
