"""Zeros that a postcode has lost in a spreadsheet."""

import pytest

from leadloop.intake.files.postcodes import mend_postcode


@pytest.mark.parametrize(
    ("sent", "source", "more", "mended"),
    [
        ("1099", "DE", {}, "01099"),
        ("99084", "DE", {}, "99084"),
        ("1099.0", "DE", {}, "01099"),
        ("6000", "FR", {}, "06000"),
        ("8001", "ES", {}, "08001"),
        ("184", "IT", {}, "00184"),
        ("2139", "US", {}, "02139"),
        ("601", "US", {}, "00601"),
        ("3100", "DE", {"contact.country": "México"}, "03100"),
        ("800", "AU", {}, "0800"),
        ("1010", "AT", {}, "1010"),
        ("1010", "DE", {"contact.country": "Österreich"}, "1010"),
        ("8001", "DE", {"contact.country": "ch"}, "8001"),
        ("1000", "DE", {"contact.phone": "+32 2 555 01 21"}, "1000"),
        ("2100", "DE", {"contact.phone": "0045 5555 0121"}, "2100"),
        ("SW1A 1AA", "DE", {}, "SW1A 1AA"),
        ("D-1099", "DE", {}, "D-1099"),
        ("1099", "DE", {"contact.country": "Utopia"}, "1099"),
        ("1099", "GB", {}, "1099"),
    ],
)
def test_zeros_are_added_only_where_the_country_has_longer_postcodes(
    sent: str, source: str, more: dict[str, str], mended: str
) -> None:
    values, doubts = mend_postcode({"contact.postcode": sent, **more}, source)
    assert (values["contact.postcode"], doubts) == (mended, ())


@pytest.mark.parametrize(
    ("sent", "source"), [("109", "DE"), ("123456", "DE"), ("42", "US"), ("10999", "AT")]
)
def test_a_postcode_of_a_wrong_length_is_told(sent: str, source: str) -> None:
    values, (doubt,) = mend_postcode({"contact.postcode": sent}, source)
    assert values["contact.postcode"] == sent
    assert sent in doubt.text
