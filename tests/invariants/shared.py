"""What the processes of one run share: plain words of memory, which no dying process can lock."""

import ctypes
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.sharedctypes import RawArray, RawValue

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
real_sleep = time.sleep  # where the functions' own waits are made shorter, ours are not


class Shared:
    """`posted`: how far each door got. `tick` asks the journey for a run, `ticked` is the last one
    done. The clock runs from `START` and can be moved on, for everybody at once.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._stopping = RawValue(ctypes.c_bool, False)
        self._shift = RawValue(ctypes.c_double, 0.0)
        self.posted = RawArray(ctypes.c_int, 3)
        self.tick = RawValue(ctypes.c_int, 0)
        self.ticked = RawValue(ctypes.c_int, 0)
        self.relay_idle = RawValue(ctypes.c_double, 0.0)
        self._back_at = RawValue(ctypes.c_double, 0.0)
        self.skew = timedelta()  # of this process's clock alone
        self._relayed = RawArray(ctypes.c_char, 2_048)

    @property
    def stopping(self) -> bool:
        return bool(self._stopping.value)

    @property
    def stream_position(self) -> str | None:
        """Where in the stream to go on."""
        return self._relayed.value.decode() or None

    @stream_position.setter
    def stream_position(self, position: str) -> None:
        self._relayed.value = position.encode()

    def stop(self) -> None:
        self._stopping.value = True

    def now(self) -> datetime:
        return START + timedelta(seconds=time.monotonic() - self._began + self._shift.value)

    def process_time(self) -> datetime:
        """By the clock of this process, which may go wrong."""
        return self.now() + self.skew

    def disable_table(self, seconds: float) -> None:
        """From now on, for so long on the real clock."""
        self._back_at.value = time.monotonic() + seconds

    @property
    def is_table_down(self) -> bool:
        return time.monotonic() < self._back_at.value

    def stamp(self) -> float:
        return self.now().timestamp()

    def move_to(self, at: datetime) -> None:
        self.move_on(max(0.0, (at - self.now()).total_seconds()))

    def move_on(self, seconds: float) -> None:
        """For everybody; of two who do so at once one may be forgotten."""
        self._shift.value += seconds

    @staticmethod
    def wait(seconds: float) -> None:
        real_sleep(seconds)
