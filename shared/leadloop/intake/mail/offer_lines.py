"""What the person asks about, where no label names it: in the subject and again in the text.

A piece of the subject that the text repeats is the offer. So is the line below a heading of the
offer, or what stands in quotation marks behind it.
"""

import itertools
import re
from collections.abc import Sequence
from functools import cache

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.postal_address import split_address
from leadloop.intake.formats.label_layouts import parse_label_line
from leadloop.intake.formats.offer_address import AddressSign, sign_of_text
from leadloop.intake.formats.vendor_lines import VendorLines
from leadloop.intake.mail.name_candidates import sender_in_subject_pattern
from leadloop.intake.mail.subject_matter import LONGEST_SUBJECT
from leadloop.intake.mail.subject_phrases import inquiry_pattern
from leadloop.intake.text.phrase_files import alternatives
from leadloop.intake.text.text_marks import CELL_SEPARATOR

MOST_LINES = 80
LEAST_WORDS = 3  # of a listing's title
SHORTEST, LONGEST = 6, 150  # characters of an offer
QUOTED = re.compile(r"[\"“„«»「『](?P<text>[^\"“”„«»「」『』]{4,150})[\"”“»«」』]")
TAIL = re.compile(r"[:：]\s|\s[-–—|]\s|【[^】]*】|[()（）]")
REFERENCE = re.compile(r"(?:ref|réf|rif|id|nr|no|online-id|mls|vin|stock)\b", re.IGNORECASE)
DATE = re.compile(r"\d{1,2}:\d{2}|\b20\d\d\b.*\b\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}")


def find_offer(
    subject: str, lines: Sequence[str], name: str | None, vendor: VendorLines
) -> str | None:
    """The offer, or None."""
    subject = subject[:LONGEST_SUBJECT]
    return (
        _offer_in_sentence(lines, name)
        or _offer_above_price(lines, name, vendor)
        or _offer_in_subject(subject, lines, name, vendor)
        or _offer_below_heading(lines, name, vendor)
    )


def _offer_in_subject(
    subject: str, lines: Sequence[str], name: str | None, vendor: VendorLines
) -> str | None:
    """The longest piece of the subject that the text repeats, in the fuller form."""
    if whole := _line_in_subject(subject, lines, name, vendor):
        return whole
    text = " ".join(" ".join(lines[:MOST_LINES]).split()).casefold()
    quoted = QUOTED.search(subject)
    pieces = [quoted["text"]] if quoted else []
    pieces += TAIL.split(subject)
    pieces += [piece for each in TAIL.split(subject) for piece in about_pattern().split(each)]
    pieces += [part for each in pieces for part in sender_in_subject_pattern().split(each)]
    known = {
        piece
        for each in pieces
        if (piece := each.strip(' .,;!?"“”„«»'))
        and SHORTEST <= len(piece) <= LONGEST
        and len(piece.split()) > 1
        and piece.casefold() in text
        and _may_be_offer(piece, name, vendor)
    }
    if not known:
        return None
    piece = (
        min(known, key=len) if quoted and quoted["text"].strip() in known else max(known, key=len)
    )
    return _fuller_line(piece, lines)


def _line_in_subject(
    subject: str, lines: Sequence[str], name: str | None, vendor: VendorLines
) -> str | None:
    """The longest line or value of the text that stands in the subject, blanks left out."""
    plain = "".join(subject.split()).casefold()
    found = []
    for line in lines[:MOST_LINES]:
        for text in (line, line.partition(CELL_SEPARATOR)[2], line.partition(": ")[2]):
            offer = text.strip(' *\x1c><"“”«»')
            is_part = len(offer.split()) > 1 and "".join(offer.split()).casefold() in plain
            if is_part and _may_be_offer(offer, name, vendor):
                found.append(offer)
    return max(found, key=len, default=None)


def _may_be_offer(text: str, name: str | None, vendor: VendorLines) -> bool:
    return (
        SHORTEST <= len(text) <= LONGEST
        and CELL_SEPARATOR not in text
        and not (name and name.casefold() in text.casefold())
        and not EMAIL_PATTERN.search(text)
        and not DATE.search(text)
        and not vendor.names_vendor(text)
        and no_offer_pattern().search(text) is None
        and inquiry_pattern().search(text) is None
        and REFERENCE.match(text) is None
        and ("postcode" not in (parts := split_address(text)) or "street" in parts)
    )


LONGEST_LINE = 500  # characters in which a phrase is looked for


def _fuller_line(piece: str, lines: Sequence[str]) -> str:
    for line in lines[:MOST_LINES]:
        text = line.strip(" *\x1c")
        begins = text.casefold().startswith(piece.casefold())
        if begins and len(text) <= LONGEST and CELL_SEPARATOR not in text and _is_offer(text):
            return text
    return piece


def _offer_in_sentence(lines: Sequence[str], name: str | None) -> str | None:
    """What stands behind “about your listing”, in quotation marks or up to the sentence's end."""
    for line in lines[:MOST_LINES]:
        text = " ".join(line[:LONGEST_LINE].split())
        match = about_offer_pattern().search(text) if CELL_SEPARATOR not in line else None
        if match is None:
            continue
        rest = text[match.end() :].strip(" :")
        quoted = QUOTED.match(rest)
        if quoted:
            return quoted["text"].strip()
        if match["verb"] or match["noun"]:
            offer = END.split(rest)[0].strip(" .:!")
            words = offer.split()
            is_person = bool(name) and str(name).casefold() in offer.casefold()
            if SHORTEST <= len(offer) <= LONGEST and _begins_offer(words) and not is_person:
                return offer
    return None


END = re.compile(
    r"[:!?]|\.(?:\s|$)|,? (?:reference|ref\b|via|with|sur|auf|su|op|en|na|through|réf|from|on)\b"
    r"| in (?=[A-Z][\w ]{2,30}, [A-Z]{2}\b)"
    r"|\s[-–|(]\s?",
    re.IGNORECASE,
)


def _begins_offer(words: list[str]) -> bool:
    return bool(words) and not words[0][0].islower()


def _offer_below_heading(lines: Sequence[str], name: str | None, vendor: VendorLines) -> str | None:
    filled = [line for line in lines[:MOST_LINES] if line.strip()]
    for line, below in itertools.pairwise(filled):
        text = below.strip(" *\x1c")
        is_heading = CELL_SEPARATOR not in line and (
            sign_of_text(line) is AddressSign.OFFER
            or offer_heading_pattern().search(line.strip()[:LONGEST_LINE])
        )
        is_person = bool(name) and str(name).casefold() in text.casefold()
        if (
            is_heading
            and not is_person
            and _is_offer(text)
            and not vendor.is_certain(below.strip("\x1c"))
        ):
            return text
    return None


def _offer_above_price(lines: Sequence[str], name: str | None, vendor: VendorLines) -> str | None:
    """The title of a listing: a line of words, and in the next its price or its number."""
    filled = [line for line in lines[:MOST_LINES] if line.strip()]
    for number, (line, below) in enumerate(itertools.pairwise(filled)):
        title = line.strip(" *\x1c'")
        above = filled[number - 1].strip(" *\x1c'") if number else ""
        is_heading = bool(above) and sign_of_text(above) is AddressSign.OFFER
        if "postcode" in split_address(title) and above and _is_offer(above) and not is_heading:
            title = above
        is_title = len(title.split()) >= LEAST_WORDS and _is_offer(title) and title[-1] not in ".,;"
        is_priced = len(below) <= LONGEST and begins_listing().match(below.strip(" *\x1c"))
        if is_title and is_priced and _may_be_offer(title, name, vendor):
            return title
    return None


def _is_offer(text: str) -> bool:
    pair = parse_label_line(text)
    return (
        SHORTEST <= len(text) <= LONGEST
        and (pair is None or not pair.value)
        and CELL_SEPARATOR not in text
        and not text.endswith((":", "?", "!"))
        and not EMAIL_PATTERN.search(text)
        and not text[0].islower()
        and REFERENCE.match(text) is None
    )


@cache
def begins_listing() -> re.Pattern[str]:
    """Matches a line below a listing's title: its price, its number."""
    number = _phrases("number_label")
    return re.compile(
        r"(?:(?:guide |asking |from )?(?:price|preis|prix|precio|prezzo|preço|cena|prijs)\W{0,3})?"
        r"(?:[€$£₹₴]|R\$|(?:EUR|USD|GBP|AED|CHF|PLN|SEK|NOK|DKK|Rs)\b\.?)\s?\d"
        r"|\d{1,9}(?:[ .,']\d{3}){0,3}(?:[.,]\d\d)?\s?"
        r"(?:[€$£₴]|zł|(?:kr|Kč|Ft|lei|TL|EUR|PLN|CHF)\b)"
        rf"|{number}\b[\w .-]{{0,20}}[.:#]\s{{0,3}}\S{{0,40}}\d",
        re.IGNORECASE,
    )


def _phrases(group: str) -> str:
    return alternatives(__package__, "offer_lines", group)


@cache
def about_pattern() -> re.Pattern[str]:
    """Finds, in a subject, words before what it is about."""
    return re.compile(rf"(?:^|\s){_phrases('about')}\s", re.IGNORECASE)


@cache
def about_offer_pattern() -> re.Pattern[str]:
    """Finds, in a sentence, words before what is offered."""
    return re.compile(
        rf"\b(?:{_phrases('about')}\s)?(?P<noun>{_phrases('noun')})\b|(?P<verb>{_phrases('verb')})\s",
        re.IGNORECASE,
    )


@cache
def offer_heading_pattern() -> re.Pattern[str]:
    """Finds, at a line's end, words that announce what is offered: “about this car:”."""
    return re.compile(rf"(?:{_phrases('noun')}|{_phrases('vehicle')})\s?[:：]?$", re.IGNORECASE)


@cache
def no_offer_pattern() -> re.Pattern[str]:
    """Finds words of a subject's piece that names no offer: “New message”."""
    return re.compile(rf"^{_phrases('no_offer')}\w{{0,3}}\b", re.IGNORECASE)
