"""A file's bytes become lines: the charset is detected from the first bytes, the rest is streamed.

In a file that is UTF-8, a line may have other bytes, for example pasted rows of an older export.
They are read as cp1252, so that the line keeps its letters.

Source: the Unicode standard, 23.8 (byte order marks); WHATWG Encoding (cp1252 for Latin-1);
RFC 1468 (ISO-2022-JP).
"""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from leadloop.intake.tables.charset_by_ideographs import charset_by_ideographs
from leadloop.intake.tables.charset_by_letters import charset_by_letters
from leadloop.intake.text.decoding import detect_wide_charset, is_utf8
from leadloop.model.errors import Unreadable

SAMPLE_BYTES = 200_000  # bytes that a guess is made from
MOST_LINE = 2_000_000  # characters of one line
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# It matches only at a line's start, so that a long line without an end is scanned once.
LINE = re.compile(r"(?<![^\r\n])[^\r\n]*(?:\r\n|\n|\r)")
BOM = "\ufeff"  # also inside a file that was joined from several
ODD_BYTES = "leadloop.cp1252"
LINE_BREAK = re.compile(rb"[\r\n]")
JAPANESE_ESCAPE = b"\x1b$"  # by it ISO-2022-JP leaves ASCII


def _decode_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    odd_bytes = error.object[error.start : error.end]
    return odd_bytes.decode("cp1252", errors="replace"), error.end


codecs.register_error(ODD_BYTES, _decode_as_cp1252)
# C1 controls, which nobody types → the letter of cp1252 that a program took for Latin-1.
CONTROL_LETTERS = {
    number: bytes([number]).decode("cp1252")
    for number in range(0x80, 0xA0)
    if number not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
LETTER_BYTES = {ord(letter): number for number, letter in CONTROL_LETTERS.items()}
CONTROL = re.compile("[\x80-\x9f]")


def detect_charset(head: bytes) -> str:
    """The charset of a file's first bytes, a codec of Python; cp1252 if nothing shows another."""
    for bom, charset in BOMS:
        if head.startswith(bom):
            return charset
    if wide_charset := detect_wide_charset(head):
        return wide_charset
    part = head[:SAMPLE_BYTES]
    if part.isascii() and JAPANESE_ESCAPE in part:
        return "iso2022_jp_ext"
    *lines, last = LINE_BREAK.split(part)
    odd_lines = [line for line in lines if not is_utf8(line)]
    odd_lines += [last] if not _is_utf8_prefix(last) else []
    good_count = sum(not line.isascii() for line in (*lines, last)) - len(odd_lines)
    if not odd_lines or 0 < len(odd_lines) <= good_count * 3:
        return "utf-8"
    return _guess_charset(part)


def decode_lines(chunks: Iterable[bytes], charset: str) -> Iterator[str]:
    """The lines with their ends (CR, LF or CRLF, also mixed); the last line may have none.

    Raises:
        Unreadable: a line has more than `MOST_LINE` characters.

    """
    rest, number = "", 0
    for text in _decode_chunks(chunks, charset):
        rest += text
        end = 0
        # A CR at the end may be half of a CRLF, so it waits for the next chunk.
        for match in LINE.finditer(rest, 0, len(rest) - rest.endswith("\r")):
            yield match[0].removeprefix(BOM)
            end, number = match.end(), number + 1
        rest = rest[end:]
        if len(rest) > MOST_LINE:
            raise Unreadable(f"line {number + 1} has more than {MOST_LINE:,} characters")
    if rest:
        yield rest.removeprefix(BOM)


def are_encoded_twice(lines: Sequence[str]) -> bool:
    """Whether each letter that is not ASCII is a byte of UTF-8: “JÃ¶rg” was “Jörg” once."""
    odd_lines = [line for line in lines if not line.isascii()]
    return bool(odd_lines) and all(decode_again(line) != line for line in odd_lines)


def decode_again(line: str) -> str:
    """The line with its letters read as the bytes of UTF-8; unchanged if they are none."""
    if line.isascii():
        return line
    try:
        return line.translate(LETTER_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return line


def _decode_chunks(chunks: Iterable[bytes], charset: str) -> Iterator[str]:
    errors = ODD_BYTES if charset.startswith("utf-8") else "replace"
    decoder = codecs.getincrementaldecoder(charset)(errors)
    for chunk in chain(chunks, (b"",)):
        text = decoder.decode(chunk, final=not chunk).replace("\0", "")
        yield text.translate(CONTROL_LETTERS) if CONTROL.search(text) else text


def _is_utf8_prefix(line: bytes) -> bool:
    """Whether the bytes are UTF-8, except for a last character that is cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(line)
    except UnicodeDecodeError:
        return False
    return True


def _guess_charset(head: bytes) -> str:
    if charset := charset_by_ideographs(head):
        return charset
    from charset_normalizer import from_bytes  # noqa: PLC0415  slow to load, seldom needed

    best = from_bytes(head).best()
    guess = None if best is None else best.encoding
    return charset_by_letters(head, guess) or guess or "cp1252"
