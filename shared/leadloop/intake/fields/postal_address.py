"""A postal address in one text: its street, postcode, town and region.

Only a form that a country's post prescribes is split; any other text stays as it is.

Source: UPU, addressing systems per country; Royal Mail, postcode formats; USPS Publication 28.
"""

import re
from collections.abc import Iterator, Mapping

from leadloop.policy.country import country_code

LONGEST_ADDRESS = 200  # characters
BREAKS = re.compile(r"\s*[,;\n\x1d]\s*|\s+[-–]\s+")
TOWN = r"(?P<city>[^\W\d][^\d,;]{2,50}?)"
NUMBERED_TOWN = r"(?P<city>[^\W\d][^\d,;]{2,50}?(?: \d{1,2})?)"  # “Praha 7”
STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ"
    "|NM|NY|NC|ND|OH|OK|OR|PA|PR|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
AU_STATES = "NSW|QLD|Qld|VIC|Vic|TAS|Tas|SA|WA|ACT|NT"
CA_STATES = "AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT"
UK_POSTCODE = r"(?P<postcode>[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
BEFORE_TOWN = (  # postcodes before the town, and the separators of their digits
    r"(?P<postcode>\d{4} ?[A-Z]{2}(?![\w])|(?:[A-Z]{1,3}-)?\d{4,5}"
    r"|\d{2}-\d{3}|\d{4}-\d{3}|\d{3} \d{2})"
)
LAST_PARTS = tuple(  # of an address, with the town in it
    re.compile(pattern)
    for pattern in (
        rf"{TOWN},? (?P<region>{STATES}),? (?P<postcode>\d{{5}}(?:-\d{{4}})?)",
        rf"{TOWN},? (?P<region>{AU_STATES}),? (?P<postcode>\d{{4}})",
        rf"{TOWN},? (?P<region>{CA_STATES}),? (?P<postcode>[A-Z]\d[A-Z] ?\d[A-Z]\d)",
        rf"{TOWN}, (?P<postcode>\d{{4}} ?[A-Z]{{2}})",
        rf"{TOWN}, (?P<region>[A-Z]{{2}}),? (?P<postcode>\d{{5}}(?:-\d{{3}})?)",
        rf"{TOWN}, (?P<postcode>\d{{6}}), (?P<region>[^\W\d][^\d,;]{{2,30}})",
        rf"{TOWN}, (?P<region>[^\W\d][^\d,;]{{2,30}}),? (?P<postcode>\d{{6}})",
        rf"{TOWN}, (?P<region>[^\W\d][^\d,;]{{2,30}}?),? (?P<postcode>[A-Z]\d[A-Z] ?\d[A-Z]\d)",
        rf"{TOWN}, (?P<region>[A-Z][^\d,;]{{2,30}}?),? (?P<postcode>(?!19\d\d$|20\d\d$)\d{{4,5}})",
        rf"{BEFORE_TOWN} {NUMBERED_TOWN}(?: \((?P<region>[A-Z]{{2}})\))?",
        rf"(?P<city>[^\W\d][^\d,;]{{1,50}}?) {UK_POSTCODE}",
        UK_POSTCODE,
        rf"(?P<region>{STATES}),? (?P<postcode>\d{{5}}(?:-\d{{4}})?)",
        rf"(?P<region>{AU_STATES}),? (?P<postcode>\d{{4}})",
        rf"{TOWN} (?P<postcode>\d{{5}})",
        r"(?P<postcode>\d{5})",
    )
)
HOUSE_NUMBER = re.compile(r"(?<![\w-])\d{1,5}(?:[a-zA-Z]|[-/]\d{1,4}[a-zA-Z]?)?(?![\w-])")
MOST_STREET_PARTS = 3
UK = re.compile(UK_POSTCODE)
STATES_AND_COUNTRIES = frozenset({"georgia"})
JAPANESE = re.compile(r"〒\s?(?P<postcode>\d{3}[-－‐]\d{4})[\s,、\x1d]{0,4}(?P<street>\S.{2,150})")


def split_address(text: str) -> Mapping[str, str]:
    """The parts by `street`, `postcode`, `city`, `region`, `country`; empty for another form."""
    if len(text) > LONGEST_ADDRESS:
        return {}
    if japanese := JAPANESE.fullmatch(text.strip()):
        return japanese.groupdict()
    parts = [part for part in BREAKS.split(text.strip(" ,;.\n\x1d")) if part]
    if (
        len(parts) > 1
        and not any(sign.isdigit() for sign in parts[-1])
        and any(map(str.isdigit, parts[-2]))
    ):
        before_last = _split_parts(parts[:-1])
        if "postcode" in before_last:
            last = parts[-1].casefold()
            is_country = last not in STATES_AND_COUNTRIES and country_code(last) is not None
            return {**before_last, "country": parts[-1]} if is_country else before_last
    return _split_parts(parts)


def _split_parts(parts: list[str]) -> Mapping[str, str]:
    for size in (3, 2, 1):
        if len(parts) < size:
            continue
        last = ", ".join(parts[-size:])
        for match in _matches(last):
            found = {name: value for name, value in match.groupdict().items() if value}
            street = parts[: len(parts) - size]
            if "city" not in found and street and not HOUSE_NUMBER.search(street[-1]):
                found["city"] = street.pop()
            elif UK.fullmatch(found.get("postcode", "")) and len(street) > 1:
                street = _without_county(found, street)
            if len(street) > MOST_STREET_PARTS or (street and not _is_street(street)):
                continue
            if street:
                found["street"] = ", ".join(street)
            elif "city" not in found and len(parts) > 1:
                continue
            return found
    return {}


def _matches(text: str) -> Iterator[re.Match[str]]:
    return (match for pattern in LAST_PARTS if (match := pattern.fullmatch(text)))


def _without_county(found: dict[str, str], street: list[str]) -> list[str]:
    """The street of a British address whose town stands before a county."""
    if HOUSE_NUMBER.search(street[-1]):
        return street
    if "city" in found:
        found["region"] = found["city"]
    found["city"] = street[-1]
    return street[:-1]


def _is_street(parts: list[str]) -> bool:
    return any(HOUSE_NUMBER.search(part) for part in parts) or len(parts) == 1
