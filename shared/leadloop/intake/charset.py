"""Bytes of unknown making become text, without losing a letter where that can be helped."""

import re
from collections.abc import Iterator

MOST_GUESSED = 200_000  # bytes looked at when guessing
STATEFUL = ("iso-2022", "hz", "utf-16", "utf-32", "utf-7")  # would pass for something else
MOJIBAKE = re.compile("Ã[\u0080-\u00bf]|â€|Â[\u0080-\u00bf]|Ã[€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def text_of_bytes(data: bytes, declared: str | None) -> str:
    """UTF-8 if it is, else as declared, else cp1252, else the best guess; never an error."""
    for charset in _candidates(data, (declared or "").strip().strip("\"'").lower()):
        try:
            text = data.decode(charset)
        except (UnicodeError, LookupError, ValueError):
            continue
        return _repaired(text)
    return _guessed(data)


def _candidates(data: bytes, declared: str) -> Iterator[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    if declared.startswith(STATEFUL):
        yield declared
    yield "utf-8-sig"
    if declared and declared.isascii() and "\0" not in declared:
        yield declared
    yield "cp1252"


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415  slow to load, seldom needed

    best = from_bytes(data[:MOST_GUESSED]).best()
    return data.decode(best.encoding if best else "latin-1", errors="replace")


def _repaired(text: str) -> str:
    """Undo UTF-8 that somebody once read as cp1252: "JÃ¶rg" is nobody's name."""
    if MOJIBAKE.search(text) is None:
        return text
    from ftfy import fix_encoding  # noqa: PLC0415  slow to load, seldom needed

    return fix_encoding(text)
