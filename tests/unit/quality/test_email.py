"""What is read without the library is read as the library would."""

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from leadloop.quality.email import SPECIAL_DOMAINS, parse_email

PLAIN = "abcXYZ019._+-"
ENDINGS = ["com", "de", "co.uk", "example", "test", "LOCAL", "onion", "x", "1a", "xn--p1ai", "arpa"]


@given(
    st.text(PLAIN, min_size=1, max_size=66),
    st.text("abcXYZ019-.", min_size=1, max_size=66),
    st.sampled_from(ENDINGS),
)
def test_a_plain_address_is_valid_where_the_library_says_so(
    local: str, domain: str, ending: str
) -> None:
    text = f"{local}@{domain}.{ending}"
    try:
        address: str | None = validate_email(
            text, check_deliverability=False, strict=True
        ).normalized.lower()
    except EmailNotValidError:
        address = None
    found = parse_email(text)
    assert (found and found.address) == address


def test_the_special_domains_are_those_of_the_library() -> None:
    assert set(SPECIAL_USE_DOMAIN_NAMES) == SPECIAL_DOMAINS


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("gmial.com", "gmail.com"), ("gmai.com", "gmail.com"), ("gmaill.com", "gmail.com")],
)
def test_a_slip_is_found_whether_a_letter_is_missing_added_or_swapped(
    typed: str, meant: str
) -> None:
    found = parse_email(f"ana@{typed}")
    assert found is not None
    assert found.suggestion == f"ana@{meant}"
