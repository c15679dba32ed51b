"""A folder on somebody else's server, opened by the protocol of its address."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from leadloop.providers.drop import Drop, Login, Place


@contextmanager
def opened(place: Place, login: Login, host_key: str | None) -> Iterator[Drop]:
    way: AbstractContextManager[Drop]
    if place.scheme == "sftp":
        from leadloop.providers import sftp  # noqa: PLC0415  slow to load, and few have one

        way = sftp.opened(place, login, host_key or "")
    else:
        from leadloop.providers import ftp  # noqa: PLC0415  the same

        way = ftp.opened(place, login)
    with way as drop:
        yield drop
