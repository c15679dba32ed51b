"""Numbers as they were written before their country gave all its numbers new digits.

phonenumbers knows the plan of today only; of some countries it also takes the old numbers, which
reach nobody any more. A rule stands in the data only if each old number has
one new number, and if no number of today looks the same when one of its digits is missing.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import phonenumbers
from phonenumbers import CountryCodeSource, NumberParseException, PhoneNumber

# ISO 3166 alpha-2 → rules, each with the day since when it holds, and its source. `in_library`:
# phonenumbers still takes the old number for valid.
RENUMBERINGS = "renumberings.json"


class Renumbering(NamedTuple):
    """A rule of a country's plan: the digits within the country, as they are now.

    `written` matches the end of the text, where only the groups tell the old from the new.
    """

    new: str
    after_code: bool  # only where the country's code stands before the digits
    written: re.Pattern[str] | None


class Reading(NamedTuple):
    """One way to read a text: its country's code, if it is written there, and the digits behind."""

    text: str
    digits: str
    has_code: bool


def renumber(text: str, region: str) -> PhoneNumber | None:
    """The valid number of today for one of an older plan, read in `region`; None: no rule fits.

    `region` is an ISO 3166 alpha-2 code. A number with its country code is the same in each.
    """
    try:
        number = phonenumbers.parse(text, region, keep_raw_input=True)
    except NumberParseException:
        return None
    code = number.country_code or 0
    digits = phonenumbers.national_significant_number(number)
    has_code = number.country_code_source != CountryCodeSource.FROM_DEFAULT_COUNTRY
    readings = [Reading(text, digits, has_code)]
    if not has_code and digits.startswith(str(code)):
        readings.append(Reading(text, digits.removeprefix(str(code)), has_code=True))
    found = {
        f"+{code}{new}"
        for home in phonenumbers.region_codes_for_country_code(code)
        for reading in readings
        for new in _apply_rules(home, reading)
    }
    valid = [new for new in map(phonenumbers.parse, found) if phonenumbers.is_valid_number(new)]
    return valid[0] if len(valid) == 1 else None


@cache
def regions_of_stale_numbers() -> frozenset[str]:
    """The countries of which phonenumbers still takes old numbers for valid."""
    return frozenset(
        region for region, rows in _rows().items() if any(row.get("in_library") for row in rows)
    )


def _apply_rules(region: str, reading: Reading) -> Iterator[str]:
    for old, rule in _rules(region):
        match = old.fullmatch(reading.digits)
        if match is None or (rule.after_code and not reading.has_code):
            continue
        if rule.written is None or rule.written.search(reading.text):
            yield match.expand(rule.new)


@cache
def _rules(region: str) -> tuple[tuple[re.Pattern[str], Renumbering], ...]:
    """For each rule: what matches all digits of an old number, and the rule."""
    return tuple(
        (
            re.compile(row["old"]),
            Renumbering(
                row["new"],
                row.get("after_code", False),
                re.compile(row["written"]) if "written" in row else None,
            ),
        )
        for row in _rows().get(region, ())
    )


@cache
def _rows() -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = json.loads(
        files("leadloop.quality").joinpath(RENUMBERINGS).read_text("utf-8")
    )
    return rows
