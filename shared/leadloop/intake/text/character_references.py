"""Characters that XML, HTML (`&#233;`, `&#xE9;`) and JSON write as numbers.

NUL and half of a surrogate pair can be written so, and no store of ours takes them.
"""

import html
import re
from typing import AnyStr

REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,20})|([0-9]{1,20}));?")
NAMED_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
MOST_ESCAPES = 3  # of one text, each escaped by another program
BYTES_REFERENCE = re.compile(REFERENCE.pattern.encode())
# Escaped backslashes and pairs come first, so what is left of the third kind is alone.
ESCAPE = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2}))"
)
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")  # utf-7 can say one
UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")
NUL, SURROGATES, LAST_CODE_POINT = 0, range(0xD800, 0xE000), 0x10FFFF


def is_valid_character(match: re.Match[AnyStr]) -> bool:
    """Whether a match of `REFERENCE` names a character: not NUL, not half of a surrogate pair."""
    number = int(match[1], 16) if match[1] else int(match[2])
    return number != NUL and number not in SURROGATES and number <= LAST_CODE_POINT


def replace_unstorable_json(body: bytes) -> bytes:
    """JSON in which escapes of NUL and of half a character become U+FFFD."""
    return ESCAPE.sub(lambda match: rb"\ufffd" if match[1] else match[0], body)


def replace_unstorable(text: str) -> str:
    """The text in which NUL and half a character become U+FFFD."""
    return text if text.isprintable() else UNSTORABLE.sub("\ufffd", text)


def read_references(text: str) -> str:
    """The text with letters for their references: “O&#039;Neill”, “&amp;amp;”.

    A semicolon must end them: `?a=1&copy=2` is an address. None of them makes a line break.
    """
    for _ in range(MOST_ESCAPES):
        if "&" not in text:
            break
        plain = NAMED_REFERENCE.sub(_letter_of_reference, text)
        if plain == text:
            break
        text = plain
    return text


def _letter_of_reference(match: re.Match[str]) -> str:
    letters = html.unescape(match[0])
    return " " if letters.isspace() else letters
