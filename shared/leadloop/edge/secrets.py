"""Secrets that a playbook names: read when they are needed, and again after a minute.

So a key that was added or taken away holds within a minute, in every process. Several keys of one
name stand one a line: while a key is changed, both are good.
"""

import time
from collections.abc import Callable
from functools import cache

from botocore.exceptions import ClientError

from leadloop.edge.wiring import Wiring, wired
from leadloop.settings import HookSettings, VendorSettings

KEPT = 60.0  # seconds
NOT_THERE = "ResourceNotFoundException"


class Secrets:
    """By name, below a prefix; `read` gets a secret's text, `ticks` counts seconds."""

    def __init__(
        self,
        prefix: str,
        read: Callable[[str], str],
        *,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._prefix, self._read, self._ticks = prefix, read, ticks
        self._known: dict[str, tuple[float, str]] = {}

    def keys(self, name: str) -> tuple[str, ...]:
        """Every key that is good now; none if there is no such secret."""
        at, text = self._known.get(name, (float("-inf"), ""))
        if self._ticks() - at > KEPT:
            text = self._fresh(name)
            self._known[name] = (self._ticks(), text)
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    def first(self, name: str) -> str | None:
        """The newest key, for who shows one."""
        return next(iter(self.keys(name)), None)

    def _fresh(self, name: str) -> str:
        try:
            return self._read(self._prefix + name)
        except ClientError as error:
            if error.response["Error"]["Code"] == NOT_THERE:
                return ""
            raise


def hooks() -> Secrets:
    """What vendors prove their posts with."""
    return _hooks(wired())


def vendors() -> Secrets:
    """What opens vendors' APIs to us."""
    return _vendors(wired())


@cache
def _hooks(wiring: Wiring) -> Secrets:
    return Secrets(wiring.settings(HookSettings).HOOK_SECRETS, wiring.secret_now)


@cache
def _vendors(wiring: Wiring) -> Secrets:
    return Secrets(wiring.settings(VendorSettings).VENDOR_SECRETS, wiring.secret_now)
