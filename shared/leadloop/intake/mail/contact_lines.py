"""A person's card without labels: the name, the number and the address in lines near each other.

The address of the person is the anchor: from `Reply-To`, from a label, or the only one in the text
that is neither the vendor's nor ours. Only what stands beside it is the person's.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.label_vocabulary import (
    field_for_label,
    is_other_party_heading,
    plain_label,
)
from leadloop.intake.fields.postal_address import HOUSE_NUMBER, STATES, split_address
from leadloop.intake.formats import person_names
from leadloop.intake.formats.label_layouts import parse_label_line
from leadloop.intake.formats.phone_in_text import find_phone
from leadloop.intake.formats.vendor_lines import VendorLines
from leadloop.intake.text.phrase_files import alternatives
from leadloop.intake.text.text_marks import CELL_SEPARATOR

MOST_LINES = 400
REACH = 4  # filled lines from the anchor to what belongs to it
LONGEST_SIGN = 1  # letters of a sign for a telephone: “T: 202 …”
MOST_COMPANY_WORDS = 6
LONGEST_CARD_LINE = 90  # characters; a vendor's footer is longer
SIGN_BEFORE = re.compile(r"^[^\w(+]{1,9}")
TOWN_WITH_AREA = re.compile(  # of an American, or with the first half of a British postcode
    rf"(?P<city>[^\W\d][^\d,;:]{{2,40}}), (?:(?P<region>{STATES})|[A-Z]{{1,2}}\d{{1,2}}[A-Z]?)"
)
LONGEST_REST = 24  # letters beside a number in a line of its own
LEAST_DIGITS = 8
NO_PHONE = re.compile(
    r"[€$£¥#%²]|\b(?:EUR|USD|GBP|PLN|SEK|AED)\b|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2}|\d:\d\d|https?:"
)
PHONE_SHAPE = re.compile(
    r"\+|\(?0|\(\d{2,5}\)|\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?!\d)|\d{3}(?:[ .]\d{2,3}){2,3}(?!\d)"
    r"|\d{2}(?: \d{2}){3}(?!\d)|[2-9]\d{9}(?!\d)|\d{3} \d{4} ?\d{3}"
)
DIGITS = re.compile(r"\d+")  # of which nothing says that they are a postcode
SHORT_CODE = re.compile(r"\d{4}")  # a postcode that may be a house's number as well
LETTERS = re.compile(r"[^\W\d_]")


class ContactLine(NamedTuple):
    """A line of the text without labels; `number` is its index."""

    number: int
    text: str


def find_email(lines: Sequence[str], excluded: Iterable[str], vendor: VendorLines) -> str | None:
    """The only address in lines that are not the vendor's; None of several or none."""
    left_out = {address.casefold() for address in excluded}
    found: dict[str, str] = {}
    for line in _candidates(lines, vendor):
        for email in EMAIL_PATTERN.findall(line.text):
            address = email.rstrip(".")
            if address.casefold() not in left_out and not vendor.names_vendor(_domain(address)):
                found.setdefault(address.casefold(), address)
    return next(iter(found.values())) if len(found) == 1 else None


def find_phone_near(
    lines: Sequence[str], anchors: Iterable[str], vendor: VendorLines
) -> str | None:
    """The number in the line of an anchor, or alone in a line near it; None of several."""
    candidates = _candidates(lines, vendor)
    places = [n for n, line in enumerate(candidates) if _has_any(line.text, anchors)]
    same = {phone for n in places if (phone := _phone_of(candidates[n].text))}
    if same:
        return next(iter(same)) if len(same) == 1 else None
    near: list[str] = []
    for n in places:
        for at in range(max(0, n - REACH), min(len(candidates), n + REACH + 1)):
            line = candidates[at]
            if abs(line.number - candidates[n].number) > 2 * REACH:
                continue
            phone = _phone_of(line.text)
            if phone and _is_alone(line.text, phone) and phone not in near:
                near.append(phone)
    return near[0] if len(near) == 1 else None


def find_phone_beside(lines: Sequence[str], name: str, vendor: VendorLines) -> str | None:
    """The number in the line of a name; None of several."""
    places = (line.text for line in _candidates(lines, vendor) if _has_any(line.text, [name]))
    phones = {phone for text in places if (phone := _phone_of(text))}
    return phones.pop() if len(phones) == 1 else None


def own_phone_in_message(message: str) -> str | None:
    """The number that a person calls their own in a message; None of several."""
    phones = {
        phone
        for match in own_number_pattern().finditer(message)
        if (phone := _phone_of(message[match.end() : match.end() + 30].split("\n", maxsplit=1)[0]))
    }
    return phones.pop() if len(phones) == 1 else None


@cache
def own_number_pattern() -> re.Pattern[str]:
    """Finds words before the number of whoever writes: “my number is”."""
    words = alternatives("leadloop.intake.mail", "own_numbers", "before_number")
    return re.compile(rf"\b{words}\s?[:：]?\s{{0,2}}(?=[+(\d])", re.IGNORECASE)


def find_company_near(lines: Sequence[str], email: str) -> str | None:
    """The line that ends as a company's name does, in the block of the person's mail address."""
    names = (line for line in _block(lines, email) if len(line.split()) <= MOST_COMPANY_WORDS)
    return next((name for name in names if person_names.is_company_line(name)), None)


def name_in_card(lines: Sequence[str], email: str, vendor: VendorLines) -> str | None:
    """The only line that is a name, in the block of the person's mail address."""
    names = {
        name
        for line in _block(lines, email)
        if (name := person_names.strip_titles(line)) and len(name.split()) > 1
        if person_names.may_be_name(name) and not vendor.names_vendor(name)
    }
    return names.pop() if len(names) == 1 else None


def find_town_near(lines: Sequence[str], anchor: str) -> dict[str, str]:
    """The parts of an address in the same block of lines as the person's mail address."""
    block = _block(lines, anchor)
    for line in (
        *(", ".join(pair) for pair in itertools.pairwise(block) if _are_street_and_town(*pair)),
        *block,
    ):
        if parse_label_line(line) is not None:  # its reader knows whose home that is
            continue
        text = _without_label(line, "contact.postcode")
        parts = split_address(text)
        is_number = text == line.strip() and DIGITS.fullmatch(text) is not None
        is_short = SHORT_CODE.fullmatch(parts.get("postcode", "")) is not None
        if parts and not is_number and not (is_short and not {"street", "city"} <= parts.keys()):
            return {f"contact.{name}": value for name, value in parts.items()}
    towns = (TOWN_WITH_AREA.fullmatch(line) for line in block)
    return next((_town_fields(match) for match in towns if match), {})


def _are_street_and_town(street: str, town: str) -> bool:
    """Whether two lines without labels may be one address: the first has a house's number."""
    has_label = any(parse_label_line(line) is not None for line in (street, town))
    return HOUSE_NUMBER.search(street) is not None and not has_label


def _town_fields(match: re.Match[str]) -> dict[str, str]:
    return {f"contact.{name}": text for name, text in match.groupdict().items() if text}


def _block(lines: Sequence[str], email: str) -> list[str]:
    """The lines round a mail address up to blank lines, without signs before them."""
    place = next((n for n, line in enumerate(lines) if email.casefold() in line.casefold()), None)
    if place is None:
        return []
    start, end = place, place
    while start and lines[start - 1].strip():
        start -= 1
    while end + 1 < len(lines) and lines[end + 1].strip():
        end += 1
    near = lines[max(start, place - REACH) : min(end, place + REACH) + 1]
    return [
        SIGN_BEFORE.sub("", line).strip()
        for line in near
        if CELL_SEPARATOR not in line and "@" not in line and _phone_of(line) is None
        if len(line) <= LONGEST_CARD_LINE
    ]


def _candidates(lines: Sequence[str], vendor: VendorLines) -> list[ContactLine]:
    """The filled lines that may be the person's, up to the heading of another party."""
    result = []
    is_other = False
    for number, line in enumerate(lines[:MOST_LINES]):
        if not line.strip():
            is_other = False
            continue
        label, _, value = line.partition(CELL_SEPARATOR)
        heading = plain_label(label if value else line.partition(":")[0])
        is_other = is_other or is_other_party_heading(heading)
        if is_other or vendor.is_certain(line):
            continue
        result.append(ContactLine(number, line))
    return result


def _phone_of(line: str) -> str | None:
    text = EMAIL_PATTERN.sub(" ", line.replace(CELL_SEPARATOR, " "))
    if NO_PHONE.search(text):
        return None
    phone = find_phone(text)
    if phone is None or sum(map(str.isdigit, phone)) < LEAST_DIGITS:
        return None
    return phone if PHONE_SHAPE.match(phone) else None


def _is_alone(line: str, phone: str) -> bool:
    rest = line.replace(phone, " ")
    pair = parse_label_line(line)
    if CELL_SEPARATOR in line or (pair and not _is_phone_label(pair.label)):
        return False
    return len(LETTERS.findall(rest)) <= LONGEST_REST


def _is_phone_label(label: str) -> bool:
    return len(label) <= LONGEST_SIGN or field_for_label(label, {}) == "contact.phone"


def _has_any(text: str, anchors: Iterable[str]) -> bool:
    return any(anchor.casefold() in text.casefold() for anchor in anchors if anchor)


def _without_label(line: str, name: str) -> str:
    """The line without a label before its value: “Postcode CF14 6HX”."""
    label, _, value = line.strip().partition(" ")
    return value if field_for_label(label.rstrip(":"), {}) == name else line.strip()


def _domain(address: str) -> str:
    return address.rpartition("@")[2].rpartition(".")[0]
