"""Bytes of an unknown charset become text, with as few letters lost as can be."""

import re
from collections.abc import Iterator

from leadloop.intake.text.character_references import LONE_SURROGATE
from leadloop.intake.text.declared_charset import decode_declared, meant_charsets

MOST_GUESS_BYTES = 200_000  # looked at when guessing, of all texts of an envelope together
MOST_REPAIR_CHARACTERS = 60_000  # repaired, of all texts of an envelope together
UTF16_NUL_SHARE = 0.3  # share of NULs at every second byte that only UTF-16 has
UTF32_NUL_SHARE = 0.9  # the same of two bytes in four, which are more than a character of UTF-16
STATEFUL_CHARSETS = (
    "iso-2022",
    "iso2022",
    "csiso2022",
    "hz",
    "utf-16",
    "utf-32",
    "utf-7",
)  # would pass for something else
MOJIBAKE = re.compile("[ÂÃÄÅ][\u0080-\u00bf]|â€|[ÃÄÅ][€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


class Decoder:
    """Decodes the texts of one envelope, with one budget: repairs take 3 s a megabyte."""

    def __init__(self) -> None:
        self._repair_budget = MOST_REPAIR_CHARACTERS
        self._guess_budget = MOST_GUESS_BYTES

    def decode(self, data: bytes, declared: str | None) -> str:
        """The text of bytes: UTF-8 if they are, else as declared, else cp1252, else a guess.

        Never raises for what the bytes are.
        """
        for charset in _candidate_charsets(data, (declared or "").strip().strip("\"'").lower()):
            try:
                text = decode_declared(data, charset)
            except (UnicodeError, LookupError, ValueError):
                continue
            return self._repair_mojibake(LONE_SURROGATE.sub("\ufffd", text))
        return self._guess(data)

    def _repair_mojibake(self, text: str) -> str:
        """Undo UTF-8 that a program once read as cp1252: "JÃ¶rg" was "Jörg"."""
        if MOJIBAKE.search(text) is None:
            return text
        return "".join(self._repair_line(line) for line in text.splitlines(keepends=True))

    def _repair_line(self, line: str) -> str:
        if MOJIBAKE.search(line) is None or len(line) > self._repair_budget:
            return line
        from ftfy import fix_encoding  # noqa: PLC0415  slow to load, seldom needed

        self._repair_budget -= len(line)
        return fix_encoding(line)

    def _guess(self, data: bytes) -> str:
        from charset_normalizer import from_bytes  # noqa: PLC0415  slow to load, seldom needed

        sample = data[: self._guess_budget]
        self._guess_budget -= len(sample)
        best = from_bytes(sample).best() if sample else None
        return data.decode(best.encoding if best else "latin-1", errors="replace")


def text_of_bytes(data: bytes, declared: str | None) -> str:
    """The text of bytes, as `Decoder.decode`, with a budget of its own."""
    return Decoder().decode(data, declared)


def is_utf8(data: bytes) -> bool:
    """Whether all of it is UTF-8, and its last character is whole."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def detect_wide_charset(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark, by the NUL bytes between letters, else None."""
    part = head[:4_000]
    half, quarter = max(len(part) // 2, 1), max(len(part) // 4, 1)
    if min(part[2::4].count(0), part[3::4].count(0)) / quarter > UTF32_NUL_SHARE:
        return "utf-32-le"
    if min(part[0::4].count(0), part[1::4].count(0)) / quarter > UTF32_NUL_SHARE:
        return "utf-32-be"
    if part[1::2].count(0) / half > UTF16_NUL_SHARE:
        return "utf-16-le"
    if part[0::2].count(0) / half > UTF16_NUL_SHARE:
        return "utf-16-be"
    return None


def _candidate_charsets(data: bytes, declared: str) -> Iterator[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    elif detected := detect_wide_charset(data):
        yield detected
    if declared.startswith(STATEFUL_CHARSETS):
        yield declared
    yield "utf-8-sig"
    if declared and declared.isascii() and "\0" not in declared:
        yield from meant_charsets(declared)
    yield "cp1252"
