"""The time zones in which a person may be, by phone number or country."""

from functools import cache
from importlib.resources import files

import phonenumbers
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

from leadloop.model.contact import Contact
from leadloop.policy.calendar import standard_offset


def country_of(contact: Contact) -> str | None:
    """The contact's country, or else the country of the phone (E.164)."""
    return contact.country or _phone(contact.phone)[0]


def zones_of(contact: Contact) -> tuple[str, ...]:
    """The zones in which the person may be, as few as phone and country allow; () if unknown.

    The phone tells more than the country: an area code is a region, and a mobile number of a large
    country at least belongs to that country.
    """
    country, zones = _phone(contact.phone)
    if not zones:
        return _zones_of_country(contact.country or country or "")
    return _zones_at_home(zones, country or "") or zones


def _zones_at_home(zones: tuple[str, ...], country: str) -> tuple[str, ...]:
    """The zones of the phone's own country that the library means by `zones`; () if none is known.

    The library names a zone of a neighbour where its hours were once the same (Paris for Algiers).
    Then the country's zones with that standard offset are meant; all of them, if none has it.
    """
    own = _zones_of_country(country)
    offsets = {standard_offset(zone) for zone in zones if zone not in own}
    at_home = [zone for zone in own if zone in zones or standard_offset(zone) in offsets]
    return tuple(sorted(at_home or own))


def _phone(phone: str | None) -> tuple[str | None, tuple[str, ...]]:
    if not phone:
        return None, ()
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return None, ()
    zones = tuple(zone for zone in time_zones_for_number(number) if zone != UNKNOWN_TIMEZONE)
    return phonenumbers.region_code_for_number(number), zones


def _zones_of_country(country: str) -> tuple[str, ...]:
    return _countries().get(country, ())


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    """Country (ISO 3166 alpha-2) → zones. Source: zone.tab of the IANA time zone database."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    by_country: dict[str, list[str]] = {}
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            by_country.setdefault(country, []).append(zone)
    return {country: tuple(zones) for country, zones in by_country.items()}
