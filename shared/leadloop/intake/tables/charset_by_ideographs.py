"""Which charset of the far east a text is in: the one in which its signs are the common ones.

Two bytes are a sign in each of them, or nearly; but each has put the few thousand that people
write into one part of itself, and in another charset the same bytes are signs that nobody uses.
"""

import codecs

# The narrower before the wider, which may hold all of the other's bytes.
COMMON_RANGES = {
    "cp949": ((0xB0A1, 0xC8FE),),
    "euc_jp": ((0xA4A1, 0xA5FE), (0xB0A1, 0xCFFE)),
    "gb18030": ((0xB0A1, 0xD7FE),),
    "cp932": ((0x829F, 0x8396), (0x889F, 0x9872)),
    "big5": ((0xA440, 0xC67E),),
}
SAMPLE_BYTES = 20_000  # bytes looked at
LEAST_SHARE = 0.75  # of its signs


def charset_by_ideographs(data: bytes) -> str | None:
    """None where the bytes are of no such charset."""
    shares = {charset: _common_share(data[:SAMPLE_BYTES], charset) for charset in COMMON_RANGES}
    best = max(shares, key=lambda charset: shares[charset])
    return best if shares[best] >= LEAST_SHARE else None


def _common_share(data: bytes, charset: str) -> float:
    """Of its signs that are common ones; none stands in the midst of a western word."""
    try:
        text = codecs.getincrementaldecoder(charset)().decode(data)
    except UnicodeDecodeError:
        return 0.0
    signs = common = 0
    for before, sign in zip(f" {text}", text, strict=False):
        if sign.isascii() or (sign.isprintable() and not sign.isalpha()):
            continue  # a comma is in all of them
        signs += 1
        code = int.from_bytes(sign.encode(charset))
        in_word = before.isascii() and before.isalpha()
        common += not in_word and any(low <= code <= high for low, high in COMMON_RANGES[charset])
    return common / signs if signs else 0.0
