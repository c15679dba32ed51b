"""Detects an East Asian charset: the one in which the text's signs are common ones.

In nearly all of them, two bytes are one sign. But each has its few thousand common signs in one
range of codes, and in another charset the same bytes are signs that nobody uses. Charsets are
codecs of Python.

Source: the first levels of KS X 1001, JIS X 0208, GB 2312 and Big5.
"""

import codecs

# Charset → ranges of the codes of common signs. A narrow charset is before a wider one, which may
# contain all of its codes.
COMMON_RANGES = {
    "cp949": ((0xB0A1, 0xC8FE),),
    "euc_jp": ((0xA4A1, 0xA5FE), (0xB0A1, 0xCFFE)),
    "gb18030": ((0xB0A1, 0xD7FE),),
    "cp932": ((0x829F, 0x8396), (0x889F, 0x9872)),
    "big5": ((0xA440, 0xC67E),),
}
SAMPLE_BYTES = 20_000  # that are looked at
LEAST_SHARE = 0.75  # of common signs


def charset_by_ideographs(data: bytes) -> str | None:
    """The charset of the bytes; None: it is no East Asian one."""
    shares = {charset: _common_share(data[:SAMPLE_BYTES], charset) for charset in COMMON_RANGES}
    best = max(shares, key=lambda charset: shares[charset])
    return best if shares[best] >= LEAST_SHARE else None


def _common_share(data: bytes, charset: str) -> float:
    """The share of signs that are common, and not inside a western word."""
    try:
        text = codecs.getincrementaldecoder(charset)().decode(data)
    except UnicodeDecodeError:
        return 0.0
    signs = common = 0
    for before, sign in zip(f" {text}", text, strict=False):
        if sign.isascii() or (sign.isprintable() and not sign.isalpha()):
            continue  # such as a comma, which all charsets have
        signs += 1
        code = int.from_bytes(sign.encode(charset))
        in_word = before.isascii() and before.isalpha()
        common += not in_word and any(low <= code <= high for low, high in COMMON_RANGES[charset])
    return common / signs if signs else 0.0
