"""Opens a workbook in a child process first, so that a file that breaks the reader harms nothing.

The reader of workbooks is compiled code. Some files are made to crash it, or to keep it busy for
ever. Here they do so to a child process, and the file is refused.
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
REFUSED_EXIT_CODE = 3  # the file was refused, and the output is the reason
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
    """The table of a file that may be hostile.

    Raises:
        Unreadable: it is no table, or it breaks its reader.
        TooLarge: it is larger than a table may be.

    """
    first = next(chunks, b"")
    if not is_workbook(first):
        return open_table(chain([first], chunks))
    data = read_whole(chain([first], chunks))
    check_in_subprocess(data)
    return open_table([data])


def check_in_subprocess(data: bytes) -> None:
    """Open the workbook `data` in a child process.

    Raises:
        Unreadable: the workbook is refused, or the child crashes or takes too long.

    """
    code = CHILD_SCRIPT.format(path=sys.path, memory=MEMORY_BYTES, refused=REFUSED_EXIT_CODE)
    try:
        child = subprocess.run(  # noqa: S603  our own interpreter and text; the file is its input
            [sys.executable, "-I", "-S", "-c", code],
            input=data,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("the workbook keeps its reader for ever") from error
    if child.returncode == REFUSED_EXIT_CODE:
        raise Unreadable(child.stdout.decode())
    if child.returncode:
        raise Unreadable("the workbook breaks its reader")
