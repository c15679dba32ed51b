"""What the processes of one run share: plain words of memory, which no dying process can lock."""

import ctypes
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.sharedctypes import RawArray, RawValue

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
really_sleep = time.sleep  # where the functions' own waits are made shorter, ours are not


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

    @property
    def stopping(self) -> bool:
        return bool(self._stopping.value)

    def stop(self) -> None:
        self._stopping.value = True

    def now(self) -> datetime:
        return START + timedelta(seconds=time.monotonic() - self._began + self._shift.value)

    def stamp(self) -> float:
        return self.now().timestamp()

    def move_to(self, at: datetime) -> None:
        self._shift.value += max(0.0, (at - self.now()).total_seconds())

    @staticmethod
    def wait(seconds: float) -> None:
        really_sleep(seconds)
