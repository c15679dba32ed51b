"""Characters by their number, as XML and HTML write them (`&#233;`, `&#xE9;`), and JSON."""

import re
from typing import AnyStr

REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,20})|([0-9]{1,20}));?")
BYTES_REFERENCE = re.compile(REFERENCE.pattern.encode())
# Escaped backslashes and pairs come first, so what is left of the third kind is alone.
ESCAPE = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2}))"
)
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")  # utf-7 can say one
NUL, SURROGATES, LAST_CODE_POINT = 0, range(0xD800, 0xE000), 0x10FFFF


def is_valid_character(found: re.Match[AnyStr]) -> bool:
    """Whether there is such a character: no NUL, and not half of one."""
    number = int(found[1], 16) if found[1] else int(found[2])
    return number != NUL and number not in SURROGATES and number <= LAST_CODE_POINT


def replace_unstorable_json(body: bytes) -> bytes:
    """JSON in which NUL and half a character, which nothing can store, show as U+FFFD."""
    return ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], body)


def replace_unstorable(text: str) -> str:
    """What cannot be stored as text shows as U+FFFD."""
    return text if text.isprintable() else UNSTORABLE.sub("\ufffd", text)


UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")
