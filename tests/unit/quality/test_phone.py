import pytest

from leadloop.quality.phone import parse_phone


@pytest.mark.parametrize(
    "text",
    ["491715550123", "491715550123.0", "4.91715550123E+11", "4,91715550123e11", "+491715550123.0"],
)
def test_a_number_that_a_spreadsheet_took_for_one_is_the_same_number(text: str) -> None:
    found = parse_phone(text, ("DE",))
    assert found is not None
    assert found.e164 == "+491715550123"


@pytest.mark.parametrize(
    "text",
    [
        *["491511234567.8", "4,91511E+12", "4.9E+11", "4.915112345678E+11"],
        *["491512000000", "491512000000.0", "49.151.234.567,00", "49,151,234,567.00"],
    ],
)
def test_a_number_that_a_spreadsheet_rounded_is_nobodys(text: str) -> None:
    """Its last digits are lost, or a decimal point stands among them."""
    assert parse_phone(text, ("DE", "US")) is None


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("3331234567", "IT", "+393331234567"),  # no 0 to leave out there: it may begin with a 3 9
        ("3931234567", "IT", "+393931234567"),
        ("12025550146", "US", "+12025550146"),
        ("0491 12345", "DE", "+4949112345"),
        ("030.123456", "DE", "+4930123456"),
        ("069 91000000", "DE", "+496991000000"),
        ("01.55.55.01.03", "FR", "+33155550103"),
        ("202.555.0146", "US", "+12025550146"),
    ],
)
def test_a_number_as_people_dial_it_stays_what_it_was(text: str, region: str, e164: str) -> None:
    found = parse_phone(text, (region,))
    assert found is not None
    assert found.e164 == e164
