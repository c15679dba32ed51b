"""The charset of a form's post, as its sender declares it: in a field `_charset_` or in its type.

Nothing is guessed: the whole post is read by one charset and without a fault, or not at all.

Source: HTML standard, "Constructing the entry list" (`_charset_`); RFC 7578, 4.5 and 4.6; WHATWG
Encoding Standard, "Names and labels".
"""

import codecs
from collections.abc import Sequence

from leadloop.intake.text.declared_charset import (
    JAPANESE_CHARSETS,
    MULTIBYTE_CHARSETS,
    decode_iso_2022_jp,
    meant_charsets,
)
from leadloop.model.errors import Unreadable

CHARSET_FIELD = "_charset_"
UTF_8 = "utf-8"
LONGEST_LABEL = 40  # characters of a label that are looked at and quoted
# Python's names of the charsets that the standard knows, without UTF-16, which no form is sent in.
WEB_CHARSETS = frozenset(
    {UTF_8, *MULTIBYTE_CHARSETS, "iso2022_jp", "cp866", "cp874", "koi8-r", "koi8-u", "mac-roman"}
    | {"mac-cyrillic", *(f"cp{number}" for number in range(1250, 1259))}
    | {f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
)


def decode_form(texts: Sequence[bytes], label: str | None) -> list[str]:
    """All texts of a form in the charset that it declares; UTF-8 if it declares none.

    A charset that knows a letter for each byte would read UTF-8, too: so that one is tried first.

    Raises:
        Unreadable: they are in neither of the two. The message names the charset that was tried.

    """
    plain = (label or "").strip()[:LONGEST_LABEL]
    charset = _web_charset(plain)
    is_telling = charset in MULTIBYTE_CHARSETS or charset == "iso2022_jp"
    for each in filter(None, (charset, UTF_8) if is_telling else (UTF_8, charset)):
        try:
            return [_decode(text, each) for text in texts]
        except UnicodeDecodeError:
            continue
    if not plain or charset == UTF_8:
        raise Unreadable("the form is not UTF-8")
    fault = "that it names was tried, too" if charset else "that it names is unknown"
    raise Unreadable(f"the form is not UTF-8; the charset “{plain}” {fault}")


def _web_charset(label: str) -> str | None:
    """Python's name of the charset that a browser means by a label; None: it knows none."""
    if not label or not label.isascii() or not label.isprintable():
        return None
    try:
        name = codecs.lookup(next(meant_charsets(label))).name
    except LookupError:
        return None
    return name if name in WEB_CHARSETS else None


def _decode(text: bytes, charset: str) -> str:
    is_japanese = charset.startswith(JAPANESE_CHARSETS)
    return decode_iso_2022_jp(text) if is_japanese else text.decode(charset)
