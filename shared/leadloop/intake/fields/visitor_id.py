"""The id of a browser: at least 128 bits, drawn by the script on our pages."""

import re

VISITOR_PATTERN = r"^[A-Za-z0-9_-]{22,64}$"


def read_visitor_id(value: object) -> str | None:
    """The value, if our script may have drawn it, else None."""
    return value if isinstance(value, str) and re.fullmatch(VISITOR_PATTERN, value) else None
