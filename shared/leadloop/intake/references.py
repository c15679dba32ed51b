"""Characters by their number (`&#233;`, `&#xE9;`), as XML and HTML write them."""

import re
from typing import AnyStr

REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,20})|([0-9]{1,20}));?")
IN_BYTES = re.compile(REFERENCE.pattern.encode())
NUL, HALVES, LAST = 0, range(0xD800, 0xE000), 0x10FFFF


def is_one(found: re.Match[AnyStr]) -> bool:
    """Whether there is such a character: no NUL, and not half of one."""
    number = int(found[1], 16) if found[1] else int(found[2])
    return number != NUL and number not in HALVES and number <= LAST
