"""A workbook is opened in a process of its own first: what breaks a reader breaks nothing of ours.

The reader of workbooks is compiled code, and some files that were made to break readers end it, or
keep it for ever. Here that costs a child of ours seconds, and the file is refused.
"""

import subprocess
import sys
from collections.abc import Iterator
from itertools import chain

from leadloop.intake.tables.model import RowTable
from leadloop.intake.tables.open import is_workbook, open_table, read_whole
from leadloop.model.errors import Unreadable

TIMEOUT_SECONDS = 120
MEMORY_BYTES = 1_500_000_000  # bytes of address space
REFUSED_EXIT_CODE = 3  # exit code: the file was refused in words
CHILD_SCRIPT = """
import resource, sys
sys.path[:] = {path!r}
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
from leadloop.intake.tables.open import open_table
from leadloop.model.errors import Unreadable
try:
    for row in open_table([sys.stdin.buffer.read()]).rows:
        pass
except Unreadable as refused:
    sys.stdout.write(str(refused))
    sys.exit({refused})
"""


def read_table(chunks: Iterator[bytes]) -> RowTable:
    """As `open_table`, of files that nobody vouches for. Raises: Unreadable, TooLarge."""
    first = next(chunks, b"")
    if not is_workbook(first):
        return open_table(chain([first], chunks))
    data = read_whole(chain([first], chunks))
    check_in_subprocess(data)
    return open_table([data])


def check_in_subprocess(data: bytes) -> None:
    """Raises: Unreadable: the workbook is refused, or whoever opens it does not come back."""
    code = CHILD_SCRIPT.format(path=sys.path, memory=MEMORY_BYTES, refused=REFUSED_EXIT_CODE)
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and text; the file is its input
            [sys.executable, "-I", "-S", "-c", code],
            input=data,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise Unreadable("the workbook keeps its reader for ever") from late
    if done.returncode == REFUSED_EXIT_CODE:
        raise Unreadable(done.stdout.decode())
    if done.returncode:
        raise Unreadable("the workbook breaks its reader")
