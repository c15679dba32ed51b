"""Secrets that a playbook names: read when they are needed, and again after a minute.

So every process knows a new or removed key within a minute. Several keys of one name stand one a
line: while a key is changed, both are good.
"""

import time
from collections.abc import Callable
from functools import cache

from botocore.exceptions import ClientError

from leadloop.edge.wiring import Wiring, get_wiring
from leadloop.settings import HookSettings, VendorSettings

CACHE_SECONDS = 60.0
NO_SECRET_CODE = "ResourceNotFoundException"  # noqa: S105  AWS's name of an error


class Secrets:
    """Secrets below `prefix`, by name. `read` gets a secret's text, `ticks` counts seconds."""

    def __init__(
        self,
        prefix: str,
        read: Callable[[str], str],
        *,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._prefix, self._read, self._ticks = prefix, read, ticks
        self._cached: dict[str, tuple[float, str]] = {}

    def keys(self, name: str) -> tuple[str, ...]:
        """All keys that are good now, the newest first; none if there is no such secret."""
        at, text = self._cached.get(name, (float("-inf"), ""))
        if self._ticks() - at > CACHE_SECONDS:
            text = self._read_fresh(name)
            self._cached[name] = (self._ticks(), text)
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    def newest_key(self, name: str) -> str | None:
        """The newest key, to prove ourselves by; None if there is no such secret."""
        return next(iter(self.keys(name)), None)

    def _read_fresh(self, name: str) -> str:
        try:
            return self._read(self._prefix + name)
        except ClientError as error:
            if error.response["Error"]["Code"] == NO_SECRET_CODE:
                return ""
            raise


def webhook_secrets() -> Secrets:
    """The keys by which vendors sign their posts."""
    return _webhook_secrets(get_wiring())


def vendor_secrets() -> Secrets:
    """Our keys of vendors' APIs."""
    return _vendor_secrets(get_wiring())


@cache
def _webhook_secrets(wiring: Wiring) -> Secrets:
    return Secrets(wiring.settings(HookSettings).HOOK_SECRETS, wiring.read_secret)


@cache
def _vendor_secrets(wiring: Wiring) -> Secrets:
    return Secrets(wiring.settings(VendorSettings).VENDOR_SECRETS, wiring.read_secret)
