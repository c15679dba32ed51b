"""Whose an address is: the person's, or that of the home that is offered.

What stands round it tells: a listing's number or a heading such as “The home” make it the offer's,
the person's name above makes it the person's. In doubt it is nobody's.
"""

import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from functools import cache
from typing import NamedTuple

from leadloop.intake.fields.label_vocabulary import plain_label
from leadloop.intake.text.phrase_files import alternatives

PACKAGE = "leadloop.intake.formats"
PARTS_OF_ADDRESS = ("contact.street", "contact.city", "contact.region", "contact.postcode")
PRODUCT = "interest.product"
LONGEST_SENTENCE = 300  # characters that are looked at


class AddressSign(Enum):
    """What a line tells of the addresses near it."""

    PERSON = auto()  # the person's name, a way to reach them, or the heading of their part
    OFFER = auto()  # a heading or a label of the offer
    LISTING = auto()  # a label that only a listing has, such as its number
    MAYBE_OFFER = auto()  # a label that other forms have as well
    ADDRESS = auto()  # a part of an address


class SignedLine(NamedTuple):
    """A sign in the order of the text; a part of an address has its full name and its text."""

    sign: AddressSign
    name: str = ""
    text: str = ""


class AddressParts(NamedTuple):
    """The parts of addresses by whose they are; doubtful ones are nobody's."""

    of_person: tuple[SignedLine, ...] = ()
    of_offer: tuple[SignedLine, ...] = ()
    doubtful: tuple[SignedLine, ...] = ()


def tell_owners(lines: Iterable[SignedLine]) -> AddressParts:
    """Tell whose each part of an address is, by the signs above and below it."""
    of_person: list[SignedLine] = []
    of_offer: list[SignedLine] = []
    doubtful: list[SignedLine] = []
    open_parts: list[SignedLine] = []  # the person's, unless a listing follows
    owner: AddressSign | None = None
    for line in lines:
        if line.sign is AddressSign.ADDRESS:
            (of_offer if owner is AddressSign.OFFER else open_parts).append(line)
            continue
        if line.sign is AddressSign.MAYBE_OFFER and owner is AddressSign.PERSON:
            continue
        is_person = line.sign is AddressSign.PERSON
        if is_person or (owner is not None and line.sign is not AddressSign.LISTING):
            of_person += open_parts
        else:
            (doubtful if owner is AddressSign.PERSON else of_offer).extend(open_parts)
        open_parts = []
        owner = AddressSign.PERSON if is_person else AddressSign.OFFER
    return AddressParts((*of_person, *open_parts), tuple(of_offer), tuple(doubtful))


def join_address(parts: Iterable[SignedLine]) -> str:
    """The parts in one line, the street first; each text once."""
    ordered = sorted(parts, key=lambda part: PARTS_OF_ADDRESS.index(part.name))
    return ", ".join(dict.fromkeys(part.text for part in ordered))


def sign_of_label(label: str, name: str | None) -> AddressSign | None:
    """What a label for the field `name` tells: “MLS #” is the offer's, “Price” perhaps."""
    plain = plain_label(label).rstrip(".")
    if _certain_label().fullmatch(plain):
        return AddressSign.LISTING
    if name == PRODUCT and any(map(_offer().fullmatch, _words(plain))):
        return AddressSign.OFFER
    return AddressSign.MAYBE_OFFER if _possible_label().fullmatch(plain) else None


def sign_of_text(line: str) -> AddressSign | None:
    """What a line without a value tells: “The home”, “about the home below”."""
    text = line.strip()[:LONGEST_SENTENCE]
    if _heading().fullmatch(plain_label(text)):
        return AddressSign.OFFER
    words = {each.casefold() for each in _words(text)}
    announces = text.endswith((":", "：")) or any(map(_below().fullmatch, words))
    return AddressSign.OFFER if announces and any(map(_offer().fullmatch, words)) else None


def is_address_label(plain: str) -> bool:
    """Whether a label in plain form for what is offered asks for its address."""
    return _address_word().search(plain) is not None


def is_own_address_label(label: str) -> bool:
    """Whether a label says that the address is the person's own."""
    return _own_address().fullmatch(plain_label(label)) is not None


def _words(text: str) -> Iterator[str]:
    return (match[0] for match in re.finditer(r"[^\W\d_]+", text))


def _phrases(group: str) -> str:
    return alternatives(PACKAGE, "offers", group)


@cache
def _heading() -> re.Pattern[str]:
    article = rf"(?:{_phrases('offer_article')} ?)?"
    return re.compile(
        rf"(?:{_phrases('offer_beginning')} )?{article}{_phrases('offer')}"
        rf"(?:[ -]?{_phrases('offer_ending')})?",
        re.IGNORECASE,
    )


@cache
def _offer() -> re.Pattern[str]:
    return re.compile(_phrases("offer"), re.IGNORECASE)


@cache
def _below() -> re.Pattern[str]:
    return re.compile(_phrases("below"), re.IGNORECASE)


@cache
def _certain_label() -> re.Pattern[str]:
    return re.compile(_phrases("certain_label"), re.IGNORECASE)


@cache
def _possible_label() -> re.Pattern[str]:
    return re.compile(_phrases("possible_label"), re.IGNORECASE)


@cache
def _address_word() -> re.Pattern[str]:
    return re.compile(rf"\b{_phrases('address_word')}\b", re.IGNORECASE)


@cache
def _own_address() -> re.Pattern[str]:
    return re.compile(_phrases("own_address"), re.IGNORECASE)
