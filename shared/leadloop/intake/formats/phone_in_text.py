"""The phone number in a label's value: all of it, or none.

Half a number is somebody else's.

Source: ITU-T E.164 (at most 15 digits).
"""

import re
import unicodedata

PHONE = re.compile(
    r"\+?\(?\d[\d\s().\-–/·]{3,30}\d(?:\s{0,3}(?:ext\.?|x)\s{0,3}\d{1,6})?", re.IGNORECASE
)
EXTENSION = re.compile(r"(?:ext\.?|x)\s{0,3}\d{1,6}$", re.IGNORECASE)
MOST_DIGITS, LEAST_DIGITS = 15, 7  # of one number (E.164), and of one that has its area with it
# What stands right behind a number that is not complete: a mask, or a sign that we do not know.
CONTINUATION = re.compile(r"[\s.-]{0,3}[*•xX#…]{2}|[^\s,;|&\w]\d")
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | dict.fromkeys(
    map(ord, "\u200b\u200e\u200f\u202a\u202c\u2060\ufeff\xad")
)


def find_phone(text: str) -> str | None:
    """The first number of a value, or None if there is none or a part of it is masked."""
    plain = unicodedata.normalize("NFKC", text).translate(DASHES) if not text.isascii() else text
    match = PHONE.search(plain)
    if match is None or CONTINUATION.match(plain, match.end()):
        return None
    if _count_digits(EXTENSION.sub("", match[0])) <= MOST_DIGITS:
        return match[0]
    numbers = re.split(r"[/·]", match[0])  # an area has few digits, and a slash behind it
    are_complete = all(_count_digits(number) >= LEAST_DIGITS for number in numbers)
    return numbers[0].strip() if are_complete else None


def _count_digits(text: str) -> int:
    return sum(sign.isdigit() for sign in text)
