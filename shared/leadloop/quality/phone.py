"""Phone numbers in E.164, and the kind of line they reach."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from leadloop.quality.renumbering import regions_of_stale_numbers, renumber

TYPES = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed_line",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_line_or_mobile",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.PREMIUM_RATE: "premium_rate",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PERSONAL_NUMBER: "personal_number",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.UAN: "company",
    PhoneNumberType.VOICEMAIL: "voicemail",
}
# 491715550123.0 and 4.91715550123E+11: a spreadsheet has turned the phone into a number.
SPREADSHEET_NUMBER = re.compile(
    r"(?P<plus>\+?)(?P<digits>\d{7,15}(?=\.)|\d(?=[.,]\d{1,14}[eE]))[.,]"
    r"(?P<decimals>\d{1,2}(?![\deE])|\d{1,14}(?=[eE]))(?:[eE]\+?(?P<exponent>\d{1,2}))?"
)
# 4.91512E+11 written out, and 49.151.234.567,00: amounts, with digits lost or added.
AMOUNT = re.compile(r"\d{5,9}0{6,10}|\d{1,3}([.,'’ ])\d{3}(?:\1\d{3})+(?!\1)[.,]\d{1,2}")
DIGITS = re.compile(r"\D")
NO_REGION = "ZZ"
LONGEST = 60  # characters; nobody needs more to write a number


class Phone(NamedTuple):
    """A number that is valid in the numbering plan of some country."""

    e164: str
    type: str
    region: str | None  # ISO 3166 alpha-2; None for numbers of no country (+800)


@lru_cache(maxsize=4096)
def parse_phone(text: str, regions: tuple[str, ...]) -> Phone | None:
    """The number, read in the first of `regions` where it is valid; None: it is valid in none.

    `regions` are ISO 3166 alpha-2 codes. A number with its country code is the same in each, and
    the only one without `regions`.
    """
    if len(text) > LONGEST:
        return None
    plain = ascii_digits(text).strip()
    if match := SPREADSHEET_NUMBER.fullmatch(plain):
        plain = _restore_digits(match)
    if AMOUNT.fullmatch(plain):
        return None
    readings = (_read_in(plain, region) for region in (*regions, NO_REGION))
    return next((phone for phone in readings if phone is not None), None)


def _read_in(text: str, region: str) -> Phone | None:
    if region == NO_REGION and text.startswith("00"):
        text = f"+{text[2:]}"  # the prefix that ITU-T E.164 recommends to all countries
    phone = _parse_without_plus(text, region) or _parse_valid(text, region)
    if phone is not None and phone.region not in regions_of_stale_numbers():
        return phone
    number = renumber(text, region)
    return phone if number is None else _build_phone(number)


def _restore_digits(match: re.Match[str]) -> str:
    """The digits of a phone that a spreadsheet turned into a number; empty if some are missing."""
    digits, decimals, exponent = match["digits"], match["decimals"], int(match["exponent"] or 0)
    digits_missing = exponent > len(decimals) or bool(decimals[exponent:].strip("0"))
    return "" if digits_missing else f"{match['plus']}{digits}{decimals[:exponent]}"


def ascii_digits(text: str) -> str:
    """The text with the digits of any script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _parse_without_plus(text: str, region: str) -> Phone | None:
    """A number that begins with its country code but lacks the plus: 491715550123.

    Only where numbers inside the country begin with 0, so that it cannot be a national number.
    """
    if not text[:1].isdecimal():
        return None
    code = str(phonenumbers.country_code_for_region(region))
    digits = DIGITS.sub("", text)
    own_code = digits.startswith(code)
    if not own_code or phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True) != "0":
        return None
    return _parse_valid(f"+{digits}", region)


def _parse_valid(text: str, region: str) -> Phone | None:
    try:
        return _build_phone(phonenumbers.parse(text, region))
    except NumberParseException:
        return None


def _build_phone(number: phonenumbers.PhoneNumber) -> Phone | None:
    """The number with its kind; None: it is not valid.

    A number is valid if it has a kind. `is_valid_number` would ask for the kind once more.
    """
    type_ = TYPES.get(phonenumbers.number_type(number))
    if type_ is None:
        return None
    return Phone(
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        type_,
        _country(phonenumbers.region_code_for_number(number)),
    )


def _country(region: str | None) -> str | None:
    return None if region is None or region == "001" else region
