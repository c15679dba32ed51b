"""What is meant by a charset's label: the wider set, as every browser and mail program reads it.

Sources: WHATWG Encoding Standard, "Names and labels" and the index of JIS 0208 (with NEC's row 13
and the IBM extensions); RFC 1556 for the Hebrew names. Python's codecs keep the smaller sets.
"""

import re
from collections.abc import Iterator

# Only the labels whose set is smaller in Python, or which Python does not know.
MEANT_CHARSETS = {
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gb_2312": "gb18030", "csgb2312": "gb18030",
    "chinese": "gb18030", "iso-ir-58": "gb18030", "csiso58gb231280": "gb18030", "gbk": "gb18030",
    "x-gbk": "gb18030", "euc-cn": "gb18030", "cp936": "gb18030", "ms936": "gb18030",
    "windows-936": "gb18030",
    "euc-kr": "cp949", "euckr": "cp949", "cseuckr": "cp949", "korean": "cp949",
    "ks_c_5601-1987": "cp949", "ks_c_5601-1989": "cp949", "ksc5601": "cp949", "ksc_5601": "cp949",
    "csksc56011987": "cp949", "iso-ir-149": "cp949", "windows-949": "cp949", "ks_c_5601": "cp949",
    "big5": "big5hkscs", "big-5": "big5hkscs", "cn-big5": "big5hkscs", "csbig5": "big5hkscs",
    "x-x-big5": "big5hkscs", "cp950": "big5hkscs", "windows-950": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "csshiftjis": "cp932", "ms_kanji": "cp932", "ms932": "cp932", "windows-31j": "cp932",
    "cswindows31j": "cp932", "cp943": "cp932", "cp943c": "cp932", "windows-932": "cp932",
    "x-euc-jp": "euc_jp", "cseucpkdfmtjapanese": "euc_jp", "eucjp-ms": "euc_jp",
    "eucjp-win": "euc_jp", "cp51932": "euc_jp",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "latin1": "cp1252",
    "latin-1": "cp1252", "l1": "cp1252", "iso-ir-100": "cp1252", "cp819": "cp1252",
    "ibm819": "cp1252", "iso_8859-1:1987": "cp1252", "csisolatin1": "cp1252", "x-cp1252": "cp1252",
    "iso-8859-9": "cp1254", "iso8859-9": "cp1254", "iso_8859-9": "cp1254", "latin5": "cp1254",
    "iso-8859-11": "cp874", "iso8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874",
    "dos-874": "cp874", "x-windows-874": "cp874",
    "iso-8859-8-i": "cp1255", "iso-8859-8-e": "cp1255", "iso-8859-8": "cp1255",
    "csiso88598i": "cp1255", "csiso88598e": "cp1255", "logical": "cp1255", "visual": "cp1255",
    "hebrew": "cp1255", "dos-862": "cp862",
    "iso-8859-6-i": "iso8859_6", "iso-8859-6-e": "iso8859_6", "csiso88596i": "iso8859_6",
    "csiso88596e": "iso8859_6",
    "x-cp1250": "cp1250", "x-cp1251": "cp1251", "x-cp1253": "cp1253", "x-cp1254": "cp1254",
    "x-cp1255": "cp1255", "x-cp1256": "cp1256", "x-cp1257": "cp1257", "x-cp1258": "cp1258",
    "koi8-r": "koi8_r", "koi": "koi8_r", "koi8": "koi8_r", "koi8-ru": "koi8_u",
    "sun_eu_greek": "iso8859_7", "x-mac-roman": "mac_roman", "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic", "x-mac-ukrainian": "mac_cyrillic", "x-mac-ce": "mac_latin2",
    "x-mac-greek": "mac_greek", "x-mac-turkish": "mac_turkish",
    "unicode-1-1-utf-8": "utf-8", "x-unicode20utf8": "utf-8", "utf-8-mac": "utf-8",
    "utf8mb4": "utf-8", "unicode": "utf-16", "ucs-2": "utf-16",
}  # fmt: skip
MULTIBYTE_CHARSETS = frozenset({"gb18030", "cp949", "big5hkscs", "cp932", "euc_jp", "euc-jp"})
MOST_LOST_SHARE = 0.01  # of the signs of a text that may be in none of the sets, or cut at its end
JAPANESE_CHARSETS = ("iso-2022-jp", "iso2022-jp", "iso2022_jp", "csiso2022jp")
ESCAPE = re.compile(rb"\x1b(?:\$\([@BD]|\$[@B]|\([BJIH])")
WIDE_ESCAPES = frozenset({b"\x1b$@", b"\x1b$B", b"\x1b$(@", b"\x1b$(B"})
KATAKANA_ESCAPE = b"\x1b(I"
FIRST_ROW, FIRST_CELL = 0x21, 0x21  # of JIS X 0208 in seven bits


def meant_charsets(label: str) -> Iterator[str]:
    """The charsets by which bytes under this label are read, the likeliest first."""
    plain = label.strip().strip("\"'").lower().replace(" ", "")
    if meant := MEANT_CHARSETS.get(plain) or MEANT_CHARSETS.get(plain.replace("_", "-")):
        yield meant
    yield plain


def decode_declared(data: bytes, charset: str) -> str:
    """The text of bytes in this charset; a sign or two that it lacks cost no other letter.

    Raises:
        UnicodeError: it is another charset.
        LookupError: nobody knows it.
    """
    if charset.startswith(JAPANESE_CHARSETS):
        return decode_iso_2022_jp(data)
    if charset not in MULTIBYTE_CHARSETS:
        return data.decode(charset)
    text = data.decode(charset, "replace")
    if text.count("\ufffd") > len(text) * MOST_LOST_SHARE:
        return data.decode(charset)
    return text


def decode_iso_2022_jp(data: bytes) -> str:
    """Text of ISO-2022-JP with NEC's and IBM's signs, such as ㈱ and 髙.

    Raises:
        UnicodeDecodeError: a sign is in none of the sets.
    """
    pieces: list[str] = []
    mode, start = b"", 0
    for escape in ESCAPE.finditer(data):
        pieces.append(_decode_run(data[start : escape.start()], mode))
        mode, start = escape[0], escape.end()
    pieces.append(_decode_run(data[start:], mode))
    return "".join(pieces)


def _decode_run(run: bytes, mode: bytes) -> str:
    if mode in WIDE_ESCAPES:
        return b"".join(_shifted(run)).decode("cp932")
    if mode == KATAKANA_ESCAPE:
        return bytes(byte | 0x80 if byte > 0x20 else byte for byte in run).decode("cp932")
    if mode == b"\x1b$(D":
        return b"".join((mode, run, b"\x1b(B")).decode("iso2022_jp_2")
    return run.decode("ascii")


def _shifted(run: bytes) -> Iterator[bytes]:
    """Each sign as Shift JIS has it; a line break inside the run stays."""
    at = 0
    while at < len(run):
        if run[at] < FIRST_ROW or at + 1 == len(run):
            yield run[at : at + 1]
            at += 1
            continue
        row, cell = run[at] - FIRST_ROW, run[at + 1] - FIRST_CELL
        lead = row // 2 + (0x81 if row < 62 else 0xC1)
        trail = cell + (0x9F if row % 2 else 0x40)
        if not row % 2 and trail >= 0x7F:
            trail += 1
        yield bytes((lead, trail % 256))
        at += 2
