"""The lines that `make run` prints: each with its time, and none later than ten seconds."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONGEST_SILENCE = 8.0  # seconds; a line is promised at least every ten


def print_line(line: str) -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)


class Progress:
    """Writes lines; while `watch` is open, repeats the last one when nothing else is written."""

    def __init__(
        self,
        write: Callable[[str], None] = print_line,
        *,
        longest_silence: float = LONGEST_SILENCE,
    ) -> None:
        self._write = write
        self._longest_silence = longest_silence
        self._start = time.monotonic()
        self._line = ""
        self._changed = threading.Condition()
        self._is_watched = False

    def __call__(self, line: str) -> None:
        """Write a line with the seconds since the start."""
        with self._changed:
            self._line = line.strip()
            self._write_timed(line)
            self._changed.notify_all()

    @contextmanager
    def watch(self) -> Iterator[None]:
        """While open, no silence is longer than the limit."""
        self._is_watched = True
        thread = threading.Thread(target=self._break_silence, daemon=True)
        thread.start()
        try:
            yield
        finally:
            with self._changed:
                self._is_watched = False
                self._changed.notify_all()
            thread.join()

    def _break_silence(self) -> None:
        with self._changed:
            while self._is_watched:
                if not self._changed.wait(self._longest_silence) and self._line:
                    self._write_timed(f"  … still at: {self._line}")

    def _write_timed(self, line: str) -> None:
        self._write(f"{time.monotonic() - self._start:6.1f} s  {line}")
