"""The charset of a mail that declares none: the one in which the mail has labels that we know.

A mail has too few letters to guess from. But it has labels, and in every other charset `姓名` is
no word at all.
"""

import re

from leadloop.intake.fields.label_vocabulary import field_for_label
from leadloop.intake.text.decoding import is_utf8

UNRELIABLE_CHARSETS = frozenset(
    {"", "us-ascii", "ascii", "iso-8859-1", "latin1", "latin-1", "windows-1252"}
)
# The likelier come first. Charsets that another one contains (GB 2312, ISO 8859-7 to -9) are not
# listed.
CHARSETS = (
    "cp1252", "cp1250", "iso8859_2", "cp1251", "koi8_u", "gb18030", "big5hkscs", "cp932", "euc_jp",
    "cp949", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874", "iso8859_5", "mac_roman",
)  # fmt: skip
PIECE_BREAK = re.compile(r"[\r\n<>:：;\t|\[\]【】=]+")
SAMPLE_BYTES, MOST_PIECES, LONGEST_PIECE = 20_000, 300, 40  # bytes; pieces; characters of one


def charset_by_labels(data: bytes, declared: str | None) -> str | None:
    """The charset with the most of our labels.

    None where the declared one can be relied on, the bytes are UTF-8, or no label tells.
    """
    if (
        (declared or "").strip(" \"'").lower() not in UNRELIABLE_CHARSETS
        or data.isascii()
        or is_utf8(data)
    ):
        return None
    head = data[:SAMPLE_BYTES]
    whole = head[: head.rfind(b"\n") + 1] or head  # no character is cut
    counts = {charset: _count_labels(whole, charset) for charset in CHARSETS}
    best = max(counts, key=lambda charset: counts[charset])
    return best if counts[best] else None


def _count_labels(data: bytes, charset: str) -> int:
    """How many of our labels the text has, without those in ASCII."""
    try:
        text = data.decode(charset)
    except UnicodeDecodeError:
        return 0
    pieces = {piece.strip() for piece in PIECE_BREAK.split(text) if not piece.isascii()}
    short = [piece for piece in pieces if len(piece) <= LONGEST_PIECE][:MOST_PIECES]
    return sum(field_for_label(piece, {}) is not None for piece in short)
