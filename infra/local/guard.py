"""Keeps a laptop run up: starts a killed emulator again, and renews the admin's token."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from infra.local.ministack import EmulatorFailed, MiniStack
from infra.local.ports import PortInUse

POLL = 0.5  # seconds
RETRY_PAUSE = 10.0  # seconds, after a start that failed
TOKEN_RENEWAL = 45 * 60.0  # seconds; a token is valid for an hour


class EmulatorGuard:
    """Watches an emulator that saves its state, in a thread.

    A killed emulator is started again, from the state that it saved last. `renew` writes a new
    token; it is called after each restart, and before the old token expires.
    """

    def __init__(
        self, emulator: MiniStack, *, renew: Callable[[], None], log: Callable[[str], None]
    ) -> None:
        self._emulator = emulator
        self._renew = renew
        self._log = log
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leaving.set()
        self._thread.join()

    def _watch(self) -> None:
        renewal = time.monotonic() + TOKEN_RENEWAL
        while not self._leaving.wait(POLL):
            if self._emulator.has_ended:
                self._restart()
            elif time.monotonic() < renewal:
                continue
            else:
                self._renew()
            renewal = time.monotonic() + TOKEN_RENEWAL

    def _restart(self) -> None:
        self._log(
            f"the embedded AWS has ended ({self._emulator.exit_text}); it is started again from "
            f"the state of {self._emulator.saved_text}, and forgets what came later"
        )
        self._emulator.stop()
        try:
            self._emulator.start()
            self._renew()
        except (EmulatorFailed, PortInUse) as failure:
            self._log(f"it did not start, the next try is in {RETRY_PAUSE:.0f} s: {failure}")
            self._leaving.wait(RETRY_PAUSE)
        else:
            self._log("the embedded AWS is up again, the system takes posts")
