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
    """A sign in the order of the text; `name` is the full name of a part of an address."""

    sign: AddressSign
    name: str = ""


class AddressOwners(NamedTuple):
    """The full names of the parts of an address that are the offer's, and that are in doubt."""

    of_offer: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()


def tell_owners(lines: Iterable[SignedLine]) -> AddressOwners:
    """Tell whose each part of an address is, by the signs above and below it."""
    of_offer: set[str] = set()
    doubtful: set[str] = set()
    pending: list[str] = []  # parts above which nobody is spoken of
    recent: list[str] = []  # parts of the person's that stand directly above
    owner: AddressSign | None = None
    for sign, name in lines:
        if sign is AddressSign.ADDRESS:
            if owner is None:
                pending.append(name)
            elif owner is AddressSign.PERSON:
                recent.append(name)
            else:
                of_offer.add(name)
            continue
        if sign is AddressSign.MAYBE_OFFER and owner is AddressSign.PERSON:
            continue
        if sign is AddressSign.LISTING:
            doubtful.update(recent)
        if sign is not AddressSign.PERSON:
            of_offer.update(pending)
        pending, recent = [], []
        owner = sign if sign is AddressSign.PERSON else AddressSign.OFFER
    return AddressOwners(frozenset(of_offer), frozenset(doubtful - of_offer))


def sign_of_label(label: str, name: str | None) -> AddressSign | None:
    """What a label for the field `name` tells: “MLS #” is the offer's, “Price” perhaps."""
    plain = plain_label(label)
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
def _own_address() -> re.Pattern[str]:
    return re.compile(_phrases("own_address"), re.IGNORECASE)
