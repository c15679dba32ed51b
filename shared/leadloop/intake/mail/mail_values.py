"""The values of a mail as a lead has them: the person's words alone, an address in its parts.

What is taken off a value and may be the person's is kept in an own field.
"""

import re
from collections.abc import Mapping

from leadloop.intake.fields.postal_address import split_address
from leadloop.intake.formats import person_names
from leadloop.intake.formats.boilerplate import strip_boilerplate
from leadloop.intake.formats.labelled_values import NAME_FIELDS
from leadloop.intake.formats.offer_address import PRODUCT
from leadloop.intake.formats.vendor_lines import LINK_MARK, VendorLines
from leadloop.intake.mail.contact_lines import TOWN_WITH_AREA
from leadloop.intake.mail.message_tail import split_tail
from leadloop.model.contact import MESSAGE_FIELD

MORE_TEXT = "fields.more_text"
WHOLE_ADDRESS = "fields.address"  # as it was written, if a part of it has no field
NAME, PHONE = "contact.name", "contact.phone"
CITY, POSTCODE = "contact.city", "contact.postcode"
LONGEST_POSTCODE = 9  # digits
TOWN_ALONE = re.compile(  # “Marrickville 2204”, “Sabadell (Barcelona)”
    r"(?P<city>[^\W\d][^\d,;()]{1,50}?),? (?:(?P<postcode>\d{4,6})|\((?P<region>[^()\d]{2,40})\))"
)
COUNTRY = "contact.country"
OFFER_DETAILS = "fields.offer_details"  # what stands behind a product's name: number, price
SHORTEST_OFFER = 4  # characters
OFFER_TAIL = re.compile(
    r"(?:,|\s[-–—|·•/]|\s?\()\s?(?:"
    r"(?:\b(?:vin|stock|ref|réf|rif|sku|(?:nr|no|id|code)(?=[.:#]|\s\d{6}))\b|№|n°|#)[\s.:#°]{0,3}[\w./-]{0,20}\d"
    r"|(?:[€$£₹₴]|R\$|\b(?:Rs|EUR|USD|GBP|AED|CHF|PLN|SEK|NOK|DKK)\b\.?)\s?\d"
    r"|\d{1,9}(?:[ .,']\d{3}){0,3}(?:[.,]\d\d)?\s?(?:[€$£₴]|zł|(?:kr|Kč|Ft|lei|TL|EUR|PLN|CHF)\b))",
    re.IGNORECASE,
)


def clean_values(values: Mapping[str, str], vendor: VendorLines) -> dict[str, str]:
    """The values without a vendor's sentences and salutations; the address in its parts."""
    cleaned = _clean_message(values, vendor)
    name, product = cleaned.get(NAME), cleaned.get(PRODUCT, "")
    if name and product.endswith(name):  # of a booking: “First visit with Ada Byron”
        cleaned[PRODUCT] = product.removesuffix(name).strip(" -–—,:|") or product
    product = cleaned.get(PRODUCT, "")
    if (tail := OFFER_TAIL.search(product)) and tail.start() >= SHORTEST_OFFER:
        cleaned[OFFER_DETAILS] = product[tail.start() :].strip(" ,-–—|·•")
        cleaned[PRODUCT] = product[: tail.start()].rstrip()
    for field in NAME_FIELDS & cleaned.keys():
        cleaned[field] = person_names.strip_titles(cleaned[field])
    if any(map(str.isdigit, cleaned.get(COUNTRY, ""))):  # the code of its telephones: “+49”
        cleaned["fields.country"] = cleaned.pop(COUNTRY)
    return _part_address(_move_postcode(cleaned))


def words_of_person(message: str, vendor: VendorLines) -> str:
    """A message without what the vendor has added below it."""
    lines = strip_boilerplate(message).split("\n")
    end = vendor.find_end(lines)
    return split_tail("\n".join(lines[:end]).strip().replace(LINK_MARK, ""))[0]


def _clean_message(values: Mapping[str, str], vendor: VendorLines) -> dict[str, str]:
    cleaned = {name: text for name, text in values.items() if name != MESSAGE_FIELD}
    lines = strip_boilerplate(values.get(MESSAGE_FIELD, "")).split("\n")
    end = vendor.find_end(lines)
    message, tail = split_tail("\n".join(lines[:end]).strip().replace(LINK_MARK, ""))
    below = [line for line in lines[end:] if vendor.may_be_persons(line)]
    kept = "\n".join(filter(None, (cleaned.get(MORE_TEXT), tail, *below)))
    cleaned |= {MESSAGE_FIELD: message} if message else {}
    return cleaned | ({MORE_TEXT: kept} if kept else {})


def _move_postcode(values: dict[str, str]) -> dict[str, str]:
    """A town or a number of a telephone that stands as a postcode, in its own field."""
    postcode = values.get(POSTCODE)
    if postcode is None:
        return values
    others = {name: text for name, text in values.items() if name != POSTCODE}
    if PHONE not in values and sum(map(str.isdigit, postcode)) > LONGEST_POSTCODE:
        return {**others, PHONE: postcode}  # a Turkish “cep”, not a Brazilian one
    if any(map(str.isdigit, postcode)):
        return values
    return _add_parts(others, {CITY: postcode}, postcode)


def _part_address(values: dict[str, str]) -> dict[str, str]:
    for field in ("contact.street", POSTCODE, CITY):
        whole = values.get(field, "")
        parts = split_address(whole)
        is_postcode = field != POSTCODE and parts.keys() == {"postcode"}
        if ("postcode" in parts and len(parts) > 1) or is_postcode:
            others = {name: text for name, text in values.items() if name != field}
            found = {f"contact.{name}": text for name, text in parts.items()}
            values = _add_parts(others, found, whole)
    street = values.get("contact.street", "")
    if (town := TOWN_WITH_AREA.fullmatch(street)) and CITY not in values:
        found = {f"contact.{name}": text for name, text in town.groupdict().items() if text}
        others = {name: text for name, text in values.items() if name != "contact.street"}
        values = _add_parts(others, found, street)
    if town := TOWN_ALONE.fullmatch(values.get(CITY, "")):
        found = {f"contact.{name}": text for name, text in town.groupdict().items() if text}
        others = {name: text for name, text in values.items() if name != CITY}
        values = _add_parts(others, found, values[CITY])
    return values


def _add_parts(values: dict[str, str], parts: Mapping[str, str], whole: str) -> dict[str, str]:
    """The values and the parts for which there is room; the whole, if a part has none."""
    taken = any(
        values.get(name, text).casefold() != text.casefold() for name, text in parts.items()
    )
    has_more = not whole.rstrip(" .)").endswith(tuple(parts.values()))  # a country behind it
    kept = {WHOLE_ADDRESS: whole} if taken or has_more else {}
    return {**parts, **kept, **values}
