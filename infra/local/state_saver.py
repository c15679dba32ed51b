"""Writes the emulator's state to disk again and again; MiniStack itself does so only on its end.

A killed emulator thus forgets at most what came since the last save. A snapshot is copied inside
the server's own thread, so no request is half in it; a thread of its own writes it, so that no
request waits for the disk.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from ministack import app

SNAPSHOT_LIMIT = 30.0  # seconds; the server's thread may be busy
TRIES = 5  # a worker's thread may change what is just being copied
State = Mapping[str, Any] | None
StateReaders = Mapping[str, Callable[[], State]]
logger = logging.getLogger("persistence")


class StateSaver:
    """Saves every `interval` seconds, and at once on SIGUSR1, until the server saves for good."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._save_now = threading.Event()
        self._writing = threading.Lock()
        self._is_final = False
        self._save_all = app.save_all

    def start(self) -> None:
        """Start saving, before the server starts."""
        logger.setLevel(logging.WARNING)  # else a line for each service and save
        app.save_all = self._save_finally
        signal.signal(signal.SIGUSR1, lambda *_: self._save_now.set())
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            self._save_now.wait(self._interval)
            self._save_now.clear()
            try:
                self._save()
            except Exception:
                logger.exception("the state was not saved")

    def _save(self) -> None:
        loop = app._MAIN_LOOP  # noqa: SLF001
        if loop is None or loop.is_closed():
            return
        snapshot: Future[dict[str, State]] = Future()
        loop.call_soon_threadsafe(_fill_snapshot, snapshot)
        states = snapshot.result(SNAPSHOT_LIMIT)
        with self._writing:
            if not self._is_final:
                self._save_all({name: lambda state=state: state for name, state in states.items()})

    def _save_finally(self, services: StateReaders) -> None:
        """The save on the server's end: nothing older may be written after it."""
        with self._writing:
            self._is_final = True
            self._save_all(services)


def _fill_snapshot(snapshot: "Future[dict[str, State]]") -> None:
    try:
        readers: StateReaders = app._build_persistence_save_dict()  # noqa: SLF001
        snapshot.set_result({name: _read_state(read) for name, read in readers.items()})
    except Exception as error:  # noqa: BLE001  the waiting thread must hear of it
        snapshot.set_exception(error)


def _read_state(read: Callable[[], State]) -> State:
    for _ in range(TRIES - 1):
        try:
            return read()
        except RuntimeError:  # a dictionary changed its size
            time.sleep(0.01)
    return read()
