"""An address that stands for none is nobody's, or all who have none would be one person."""

import pytest

from leadloop.intake.fields.mapping import build_parts, build_parts_leniently
from leadloop.intake.fields.placeholders import is_placeholder_address


@pytest.mark.parametrize(
    "address",
    [
        "none@none.com",
        "NONE@None.com",
        "na@na.com",
        "no-email@dealer.example",
        "noemail123@gmail.com",
        "not.provided@example.com",
        "no@email.com",
        "none@example.com",
        "declined@declined.com",
        "keine@email.de",
        "pasdemail@pasdemail.fr",
        "t****@g****.com",
        "ada…@byron.example",
        "noreply@portal.example",
    ],
)
def test_a_placeholder_is_nobodys_address(address: str) -> None:
    assert is_placeholder_address(address)
    parts, faults = build_parts({"contact.email": address, "contact.phone": "202-555-0146"})
    assert (parts.contact.email, parts.contact.phone, faults) == (None, "202-555-0146", ())


@pytest.mark.parametrize(
    "address",
    [
        "na@fair.example",  # Nora Adams
        "test@acme.example",
        "no@page.example",
        "ada@ada.example",
        "nadia@gmail.com",
        "mail@byron.example",
        "user.name@gmail.com",
        "john.doe@test.com",
        "test@example.com",
        "none",
    ],
)
def test_what_may_be_a_persons_own_address_stays(address: str) -> None:
    assert not is_placeholder_address(address)
    for way in (build_parts, build_parts_leniently):
        assert way({"contact.email": address})[0].contact.email == address


@pytest.mark.parametrize("address", ["test@test.com", "test@gmail.com", "asdf@asdf.de"])
def test_who_tries_a_form_out_is_answered_and_in_a_mail_it_is_nobody(address: str) -> None:
    assert build_parts({"contact.email": address})[0].contact.email == address
    assert build_parts_leniently({"contact.email": address})[0].contact.email is None
