"""Text made safe for a mail header."""

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def one_line(text: str) -> str:
    """The text in one line, without control characters and changes of text direction."""
    return " ".join(_CONTROL.sub(" ", text).split())
