"""From a file's bytes to its lines: charset found from the first part, the rest streamed.

A line that is no UTF-8 in a file that is, as when somebody pasted rows of an older export, keeps
its letters: the odd bytes are read as cp1252.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from leadloop.intake.charset import wide
from leadloop.model.errors import Unreadable

LOOKED_AT = 200_000  # bytes a guess is made of
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
ODD_BYTES = "leadloop.cp1252"
LATIN = (
    "cp1250",
    "cp1252",
    "cp1254",
    "cp1257",
    "cp1258",
    "cp775",
    "cp85",
    "iso8859",
    "latin",
    "mac_",
)  # few letters tell them apart
SIGN_IN_WORD = re.compile(r"[^\W\d_][¹³¿¯¼¾¥£¢¡±¶]|[¹³¿¯¼¾¥£¢¡±¶][^\W\d_]")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    odd = error.object[error.start : error.end]
    return odd.decode("cp1252", errors="replace"), error.end


codecs.register_error(ODD_BYTES, _as_cp1252)
# Controls that nobody types: letters of cp1252 that some program took for Latin-1.
CONTROLS = {
    number: bytes([number]).decode("cp1252")
    for number in range(0x80, 0xA0)
    if number not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
CONTROL = re.compile("[\x80-\x9f]")


def charset_of(head: bytes) -> str:
    """What the file's first bytes are written in; cp1252 where nothing tells."""
    for bom, charset in BOMS:
        if head.startswith(bom):
            return charset
    if unsaid := wide(head):
        return unsaid
    lines = head[:LOOKED_AT].split(b"\n")
    odd = [line for line in lines if not _is_utf8(line)]
    good = sum(not line.isascii() for line in lines) - len(odd)
    if not odd or 0 < len(odd) <= good * 3 or (len(odd) == 1 and odd[0] is lines[-1]):
        return "utf-8"
    return _guessed(head[:LOOKED_AT])


def lines(chunks: Iterable[bytes], charset: str) -> Iterator[str]:
    """Each with its line end as it stands (CR, LF, both mixed); the last may have none.

    Raises: Unreadable: a line has no end.
    """
    rest, number = "", 0
    for text in _decoded(chunks, charset):
        rest += text
        end = 0
        # A CR at the very end may be half of a CR LF: it waits for the next chunk.
        for found in LINE.finditer(rest, 0, len(rest) - rest.endswith("\r")):
            yield found[0]
            end, number = found.end(), number + 1
        rest = rest[end:]
        if len(rest) > MOST_LINE:
            raise Unreadable(f"line {number + 1} has more than {MOST_LINE:,} characters")
    if rest:
        yield rest


def _decoded(chunks: Iterable[bytes], charset: str) -> Iterator[str]:
    errors = ODD_BYTES if charset.startswith("utf-8") else "replace"
    decoder = codecs.getincrementaldecoder(charset)(errors)
    for chunk in chain(chunks, (b"",)):
        text = decoder.decode(chunk, final=not chunk)
        yield text.translate(CONTROLS) if CONTROL.search(text) else text


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _guessed(head: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415  slow to load, seldom needed

    best = from_bytes(head).best()
    if best is None:
        return "cp1252"
    is_latin = best.encoding.startswith(LATIN)
    return "cp1252" if is_latin and _reads_well(head) else best.encoding


def _reads_well(head: bytes) -> bool:
    """As cp1252: no signs in the midst of words, where other Latin charsets have letters."""
    try:
        text = head.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return len(SIGN_IN_WORD.findall(text)) * 10 < sum(not c.isascii() for c in text)
