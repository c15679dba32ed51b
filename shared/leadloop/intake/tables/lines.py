"""From a file's bytes to its lines: charset found from the first part, the rest streamed.

A line that is no UTF-8 in a file that is, as when somebody pasted rows of an older export, keeps
its letters: the odd bytes are read as cp1252.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from leadloop.intake.tables.charset_by_ideographs import charset_by_ideographs
from leadloop.intake.tables.charset_by_letters import charset_by_letters
from leadloop.intake.text.decoding import detect_wide_charset, is_utf8
from leadloop.model.errors import Unreadable

SAMPLE_BYTES = 200_000  # bytes a guess is made of
MOST_LINE = 2_000_000  # characters
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# From the beginning of a line only: one without an end is looked at once.
LINE = re.compile(r"(?<![^\r\n])[^\r\n]*(?:\r\n|\n|\r)")
BOM = "\ufeff"  # in the midst, too, where files were put together
ODD_BYTES = "leadloop.cp1252"
LINE_BREAK = re.compile(rb"[\r\n]")
JAPANESE_ESCAPE = b"\x1b$"  # so ISO-2022-JP begins what is not ASCII


def _decode_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    odd = error.object[error.start : error.end]
    return odd.decode("cp1252", errors="replace"), error.end


codecs.register_error(ODD_BYTES, _decode_as_cp1252)
# Controls that nobody types: letters of cp1252 that some program took for Latin-1.
CONTROL_LETTERS = {
    number: bytes([number]).decode("cp1252")
    for number in range(0x80, 0xA0)
    if number not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
CONTROL = re.compile("[\x80-\x9f]")


def detect_charset(head: bytes) -> str:
    """What the file's first bytes are written in; cp1252 where nothing tells."""
    for bom, charset in BOMS:
        if head.startswith(bom):
            return charset
    if unsaid := detect_wide_charset(head):
        return unsaid
    part = head[:SAMPLE_BYTES]
    if part.isascii() and JAPANESE_ESCAPE in part:
        return "iso2022_jp_ext"
    *lines, last = LINE_BREAK.split(part)
    odd = [line for line in lines if not is_utf8(line)]
    odd += [last] if not _is_utf8_prefix(last) else []
    good = sum(not line.isascii() for line in (*lines, last)) - len(odd)
    if not odd or 0 < len(odd) <= good * 3:
        return "utf-8"
    return _guess_charset(part)


def decode_lines(chunks: Iterable[bytes], charset: str) -> Iterator[str]:
    """Each with its line end as it stands (CR, LF, both mixed); the last may have none.

    Raises: Unreadable: a line has no end.
    """
    rest, number = "", 0
    for text in _decode_chunks(chunks, charset):
        rest += text
        end = 0
        # A CR at the very end may be half of a CR LF: it waits for the next chunk.
        for found in LINE.finditer(rest, 0, len(rest) - rest.endswith("\r")):
            yield found[0].removeprefix(BOM)
            end, number = found.end(), number + 1
        rest = rest[end:]
        if len(rest) > MOST_LINE:
            raise Unreadable(f"line {number + 1} has more than {MOST_LINE:,} characters")
    if rest:
        yield rest.removeprefix(BOM)


def _decode_chunks(chunks: Iterable[bytes], charset: str) -> Iterator[str]:
    errors = ODD_BYTES if charset.startswith("utf-8") else "replace"
    decoder = codecs.getincrementaldecoder(charset)(errors)
    for chunk in chain(chunks, (b"",)):
        text = decoder.decode(chunk, final=not chunk)
        yield text.translate(CONTROL_LETTERS) if CONTROL.search(text) else text


def _is_utf8_prefix(line: bytes) -> bool:
    """The last character may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(line)
    except UnicodeDecodeError:
        return False
    return True


def _guess_charset(head: bytes) -> str:
    if far_eastern := charset_by_ideographs(head):
        return far_eastern
    from charset_normalizer import from_bytes  # noqa: PLC0415  slow to load, seldom needed

    best = from_bytes(head).best()
    guessed = None if best is None else best.encoding
    return charset_by_letters(head, guessed) or guessed or "cp1252"
