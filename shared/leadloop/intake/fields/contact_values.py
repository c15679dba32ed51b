"""What people and programs write around an address or a telephone number, in one field.

Nothing is guessed: of several numbers the first is taken if it is complete, and the rest is kept
beside it. A value that cannot be told apart for certain stays as it is.

Source: Unicode, general category Cf (format characters); ITU-T E.164 (at most 15 digits).
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN

LEAST_DIGITS, MOST_DIGITS = 7, 15  # of a number with its area, and of any number
LONGEST_VALUE = 500  # characters
WRAPPING = " \t\r\n.,;:!<>()[]{}\"'“”„‘’«»|"
MAIL_LINK = re.compile(r"mailto:\s?", re.IGNORECASE)
LINK_QUERY = re.compile(r"\?(?:subject|body|cc|bcc)=.*", re.IGNORECASE | re.DOTALL)
NAMED_ADDRESS = re.compile(r"([^<>@]{1,200})<\s?([^<>\s@]{1,64}@[^<>\s@]{1,255})\s?>")
NUMBER = re.compile(r"\+?[(\d][\d\s()./\-–·]*")
NUMBER_EDGE = " \t\r\n(./-–·"
MASK = re.compile(r"[\s.\-(/]{0,3}[*•xX#…]{2}")
SLASH = re.compile(r"\s?/\s?")
# A number with letters in it, or an extension that belongs to it.
GLUED = re.compile(r"[^\W\d_]|[*•#…]")
EXTENSION = re.compile(
    r"\s{0,3}[,;]?\s{0,3}(?:ext\.?|extension|x|#)\s{0,3}\d{1,6}\W{0,2}", re.IGNORECASE
)


class ValueWithRest(NamedTuple):
    """The value itself, and what else stood in its field."""

    value: str
    rest: str = ""


def clean_address(text: str) -> ValueWithRest:
    """The mail address without what nobody sees, and without what programs put around it.

    `rest` is the person's name of `Name <address>`.
    """
    plain = strip_invisible(_narrow_signs(text[:LONGEST_VALUE]))
    named = NAMED_ADDRESS.fullmatch(plain.strip(" .,;"))
    if named is not None:
        return ValueWithRest(named[2], named[1].strip(WRAPPING))
    bare = LINK_QUERY.sub("", MAIL_LINK.sub("", plain.strip(WRAPPING), count=1)).strip(WRAPPING)
    return ValueWithRest(strip_invisible(bare) if EMAIL_PATTERN.fullmatch(bare) else plain)


def strip_invisible(text: str) -> str:
    """The text without format characters and blanks at its edges."""
    start, end = 0, len(text)
    while start < end and _is_invisible(text[start]):
        start += 1
    while end > start and _is_invisible(text[end - 1]):
        end -= 1
    return text[start:end]


def first_phone(text: str) -> ValueWithRest:
    """The first complete number of a field, and the other words and numbers of the field."""
    plain = strip_invisible(text)
    for start, end in _numbers(plain):
        if _count_digits(plain[start:end]) > MOST_DIGITS or _is_part(plain, start, end):
            return ValueWithRest(plain)
        rest = " ".join(f"{plain[:start]} {plain[end:]}".split()).strip(WRAPPING + "/&")
        if not rest or EXTENSION.fullmatch(plain[end:]):
            return ValueWithRest(plain)
        return ValueWithRest(plain[start:end].strip(), rest)
    return ValueWithRest(plain)


def has_number(text: str) -> bool:
    """Whether a text holds as many digits as a telephone number."""
    return _count_digits(text) >= LEAST_DIGITS


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each run of digits that may be a number; of two with a slash, of each."""
    for match in NUMBER.finditer(text):
        pieces = SLASH.split(match[0])
        are_numbers = all(_count_digits(piece) >= LEAST_DIGITS for piece in pieces)
        number = (pieces[0] if are_numbers else match[0]).rstrip(NUMBER_EDGE)
        if _count_digits(number) >= LEAST_DIGITS:
            yield match.start(), match.start() + len(number)


def _is_part(text: str, start: int, end: int) -> bool:
    """Whether letters or a mask touch the number: then it is not complete."""
    is_glued = GLUED.match(text[max(start - 1, 0) : start]) or GLUED.match(text, end)
    return is_glued is not None or MASK.match(text, end) is not None


def _narrow_signs(text: str) -> str:
    """The text with the wide letters and signs of East Asian keyboards as ASCII ones."""
    if text.isascii():
        return text
    return "".join(
        unicodedata.normalize("NFKC", sign)
        if "\uff01" <= sign <= "\uff5e" or sign == "﹫"
        else sign
        for sign in text
    )


def _is_invisible(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) == "Cf"


def _count_digits(text: str) -> int:
    return sum(sign.isdigit() for sign in text)
