"""The time zones in which a person may be, by phone number or country."""

from functools import cache
from importlib.resources import files

import phonenumbers
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

from leadloop.model.contact import Contact


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
    at_home = set(_zones_of_country(country or "")) & set(zones)
    return tuple(sorted(at_home)) or zones


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
