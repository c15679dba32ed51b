"""Phone numbers: E.164, and what sort of line answers."""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

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
LONGEST = 60  # characters; nobody writes a number in more


class Phone(NamedTuple):
    """A number that exists in some country's plan."""

    e164: str
    type: str
    region: str | None  # ISO 3166 alpha-2; None for numbers of no country (+800)


@lru_cache(maxsize=4096)
def phone_of(text: str, regions: tuple[str, ...]) -> Phone | None:
    """The number as read in the first of `regions` where it is valid; None if in none.

    A number with its country code is the same in every region.
    """
    if len(text) > LONGEST:
        return None
    plain = ascii_digits(text)
    for region in regions or ("ZZ",):
        number = _parsed(plain, region)
        if number is not None:
            return Phone(
                phonenumbers.format_number(number, PhoneNumberFormat.E164),
                TYPES.get(phonenumbers.number_type(number), "unknown"),
                _country(phonenumbers.region_code_for_number(number)),
            )
    return None


def ascii_digits(text: str) -> str:
    """Digits of any script as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _country(region: str | None) -> str | None:
    return None if region is None or region == "001" else region
