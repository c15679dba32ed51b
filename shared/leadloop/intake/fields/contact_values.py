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
from leadloop.intake.fields.label_vocabulary import field_for_label
from leadloop.intake.text.quotation_marks import QUOTES

ADDRESS_FIELD = "contact.email"
LEAST_DIGITS, MOST_DIGITS = 7, 15  # of a number with its area, and of any number
LONGEST_VALUE = 500  # characters
WRAPPING = " \t\r\n.,;:!<>()[]{}\"'“”„‘’«»|*`。、「」『』"
EDGE_SIGNS = " \t\r\n.,;:!|/&"  # at the edges of what stands beside a number or an address
PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">", **QUOTES}
MAIL_LINK = re.compile(r"mailto:\s?", re.IGNORECASE)
LINK_QUERY = re.compile(r"\?(?:subject|body|cc|bcc)=.*", re.IGNORECASE | re.DOTALL)
NAMED_ADDRESS = re.compile(r"([^<>@]{1,200})<\s?([^<>\s@]{1,64}@[^<>\s@]{1,255})\s?>")
LABELLED_ADDRESS = re.compile(r"([^:=]{1,40})[:=]([^:=]{1,330})")
MARKDOWN_LINK = re.compile(r"\[([^\[\]]{1,330})\]\((?:mailto:)?([^()\s]{1,400})\)", re.IGNORECASE)
NUMBER = re.compile(r"\+?[(\d][\d\s()./\-–·]*")
NUMBER_EDGE = " \t\r\n(./-–·"
MASK = re.compile(r"[\s.\-(/]{0,3}[*•xX#…]{2}")
SLASH = re.compile(r"\s?/\s?")
BLANK = re.compile(r"\s+")
GLUED = re.compile(r"[^\W\d_]|[*•#…]")
EXTENSION = re.compile(
    r"\s{0,3}[,;]?\s{0,3}(?:ext\.?|extension|x|#)\s{0,3}\d{1,6}(?!\w)", re.IGNORECASE
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
        return ValueWithRest(named[2], _trim_edges(named[1]))
    link = MARKDOWN_LINK.fullmatch(plain.strip(" .,;"))
    if link is not None and _names_address(link[1], LINK_QUERY.sub("", link[2])):
        plain = link[2]
    label = LABELLED_ADDRESS.fullmatch(plain)
    text = label[2] if label and field_for_label(label[1], {}) == ADDRESS_FIELD else plain
    bare = LINK_QUERY.sub("", MAIL_LINK.sub("", text.strip(WRAPPING), count=1)).strip(WRAPPING)
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
        rest = _trim_edges(" ".join(f"{plain[:start]} {plain[end:]}".split()))
        return ValueWithRest(plain[start:end].strip(), rest) if rest else ValueWithRest(plain)
    return ValueWithRest(plain)


def has_number(text: str) -> bool:
    """Whether a text holds as many digits as a telephone number."""
    return _count_digits(text) >= LEAST_DIGITS


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of what may be a number, in each run of digits; of several in it, the first."""
    for match in NUMBER.finditer(text):
        pieces = SLASH.split(match[0])
        are_numbers = all(_count_digits(piece) >= LEAST_DIGITS for piece in pieces)
        number = _first_of_several(pieces[0] if are_numbers else match[0]).rstrip(NUMBER_EDGE)
        if _count_digits(number) >= LEAST_DIGITS:
            yield match.start(), match.start() + len(number)


def _first_of_several(digits: str) -> str:
    """The first of several numbers with a blank between them; all of it if that is not certain.

    They are written alike, or a zero or a bracket begins the second. One alone is not parted.
    """
    if _count_digits(digits) <= MOST_DIGITS:
        return digits
    pairs = [(digits[: each.start()], digits[each.end() :]) for each in BLANK.finditer(digits)]
    twins = [left for left, right in pairs if _shape(right) == _shape(left)]
    alike = [left for left, right in pairs if _shape(right).startswith(_shape(left))]
    begun = [left for left, right in pairs if right.startswith(("0", "(")) and has_number(right)]
    for firsts in (twins, alike, begun):
        whole = [left for left in firsts if LEAST_DIGITS <= _count_digits(left) <= MOST_DIGITS]
        if whole:
            return whole[0] if len(whole) == 1 else digits
    return digits


def _shape(digits: str) -> str:
    return re.sub(r"\d", "9", digits.strip())


def _is_part(text: str, start: int, end: int) -> bool:
    """Whether letters or a mask touch the number: then it is not complete."""
    before, has_extension = text[max(start - 1, 0) : start], EXTENSION.match(text, end) is not None
    is_glued = GLUED.match(before) or (not has_extension and GLUED.match(text, end))
    return bool(is_glued) or MASK.match(text, end) is not None


def _names_address(text: str, address: str) -> bool:
    """Whether a link's text is its address, or a label of an address."""
    is_same = text.strip(WRAPPING).casefold() == address.casefold()
    return is_same or field_for_label(text, {}) == ADDRESS_FIELD


def _trim_edges(text: str) -> str:
    """The text without signs at its edges, and without brackets and quotes around the whole.

    A bracket or quote without its twin is dropped there, too.
    """
    openers = {closer: opener for opener, closer in PAIRS.items()}
    while bare := text.strip(EDGE_SIGNS):
        first, last = bare[0], bare[-1]
        if len(bare) > 1 and PAIRS.get(first) == last and last not in bare[1:-1]:
            text = bare[1:-1]
        elif first in PAIRS and PAIRS[first] not in bare[1:]:
            text = bare[1:]
        elif last in openers and openers[last] not in bare[:-1]:
            text = bare[:-1]
        else:
            return bare
    return ""


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
