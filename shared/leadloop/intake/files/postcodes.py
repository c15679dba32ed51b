"""A postcode of which a spreadsheet made a number: it has lost the zeros in front.

A zero is added only where the country of the person is known and has longer postcodes. In any other
case of a wrong length the row says so. The data tell, by ISO code, how many digits a postcode has,
how many zeros may stand in front, the country's calling code and its names.

Source: Universal Postal Union, addressing systems of its members; ITU-T E.164 (calling codes).
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from leadloop.model.base import Reason

DATA = "postcodes.json"
POSTCODE, COUNTRY, PHONE = "contact.postcode", "contact.country", "contact.phone"
NUMBER = re.compile(r"(\d{1,9})(?:\.0{1,2})?")
CALLING_CODE = re.compile(r"(?:\+|00)\s?(\d{1,3})")
MOST_CALLING_DIGITS = 3


class Postcodes(NamedTuple):
    """The postcodes of a country, all of digits."""

    digits: int
    calling_code: str
    zeros: int
    names: tuple[str, ...]


def mend_postcode(
    values: Mapping[str, str], source_country: str
) -> tuple[dict[str, str], tuple[Reason, ...]]:
    """The values with the zeros that a postcode has lost, and a reason if it is none."""
    found = NUMBER.fullmatch(values.get(POSTCODE, "").strip())
    country = _country(values, source_country)
    if found is None or country is None:
        return dict(values), ()
    digits, rule = found[1], _postcodes()[country]
    missing = rule.digits - len(digits)
    if missing == 0 or 0 < missing <= rule.zeros:
        return {**values, POSTCODE: digits.zfill(rule.digits)}, ()
    text = f"postcode: “{digits}” is none of {rule.names[0]}, which have {rule.digits} digits"
    return dict(values), (Reason(code="postcode", text=text, field=POSTCODE),)


def _country(values: Mapping[str, str], source_country: str) -> str | None:
    """The person's country: as said, else by an international number, else the source's.

    None if it is none of the data's: nothing is known of its postcodes then.
    """
    if said := " ".join(values.get(COUNTRY, "").split()).casefold():
        return _codes_by_name().get(said)
    number = CALLING_CODE.match(values.get(PHONE, "").strip())
    if number is not None:
        lengths = range(MOST_CALLING_DIGITS, 0, -1)
        codes = (_codes_by_calling_code().get(number[1][:length]) for length in lengths)
        return next(filter(None, codes), None)
    return source_country if source_country in _postcodes() else None


@cache
def _postcodes() -> Mapping[str, Postcodes]:
    data = json.loads(files("leadloop.intake.files").joinpath(DATA).read_text("utf-8"))
    return {code: Postcodes(**{**row, "names": tuple(row["names"])}) for code, row in data.items()}


@cache
def _codes_by_name() -> Mapping[str, str]:
    names = {n.casefold(): code for code, row in _postcodes().items() for n in row.names}
    return {**names, **{code.casefold(): code for code in _postcodes()}}


@cache
def _codes_by_calling_code() -> Mapping[str, str]:
    return {row.calling_code: code for code, row in _postcodes().items()}
