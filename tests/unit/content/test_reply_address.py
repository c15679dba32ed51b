"""Where an answer to our mail goes: it names the mail, and nobody can make one for another."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.content.reply_address import (
    SignedAddress,
    is_signed_delivery,
    parse_reply_address,
    parse_return_path,
    reply_address,
    return_path,
    sign_delivery,
)
from leadloop.model.delivery import delivery_digest

SECRET, OTHER = b"s" * 32, b"o" * 32
LEAD = "MFRGGZDFMZTWQ2LKNNWG23TPOA"
MAIL = "due:MFRGGZDFMZTWQ2LKNNWG23TPOA::step:2026-11-02T09:00:00.123456+00:00#0"
ADDRESS = reply_address(LEAD, MAIL, SECRET, "drop.example")


@pytest.mark.parametrize("lead_id", [LEAD, f"{LEAD}.2", f"{LEAD}.999"])
@pytest.mark.parametrize(
    ("make", "parse"),
    [(reply_address, parse_reply_address), (return_path, parse_return_path)],
)
def test_an_address_names_its_lead_and_mail_within_64_characters(
    lead_id: str, make: Any, parse: Any
) -> None:
    address = make(lead_id, MAIL, SECRET, "Drop.example")
    expected = SignedAddress(lead_id, delivery_digest(MAIL))
    assert parse(address, SECRET, "drop.EXAMPLE") == expected
    assert parse(address.upper(), SECRET, "drop.example") == expected
    assert len(address.rpartition("@")[0]) <= 64


def test_s19_an_address_is_for_one_purpose() -> None:
    assert parse_return_path(ADDRESS, SECRET, "drop.example") is None
    forged = ADDRESS.replace("reply+", "back+")
    assert parse_return_path(forged, SECRET, "drop.example") is None


@pytest.mark.parametrize("forged", [ADDRESS.replace("mfrgg", "mfrgh"), ADDRESS[:34] + ADDRESS[35:]])
def test_s19_an_altered_address_is_none_of_ours(forged: str) -> None:
    assert parse_reply_address(forged, SECRET, "drop.example") is None


def test_s19_an_address_of_another_secret_or_domain_is_none_of_ours() -> None:
    assert parse_reply_address(ADDRESS, OTHER, "drop.example") is None
    assert parse_reply_address(ADDRESS, SECRET, "elsewhere.example") is None


@given(st.text())
def test_no_text_is_an_address_of_ours(text: str) -> None:
    assert parse_reply_address(text, SECRET, "drop.example") is None


def test_s19_a_header_is_signed_for_one_delivery_of_one_lead() -> None:
    signature = sign_delivery(LEAD, MAIL, SECRET)
    assert is_signed_delivery(LEAD, MAIL, signature, SECRET)
    assert is_signed_delivery(LEAD, MAIL, signature.upper(), SECRET)
    assert not is_signed_delivery(f"{LEAD}.2", MAIL, signature, SECRET)
    assert not is_signed_delivery(LEAD, f"{MAIL[:-1]}1", signature, SECRET)
    assert not is_signed_delivery(LEAD, MAIL, signature, OTHER)
    assert not is_signed_delivery(LEAD, MAIL, "ü" * 20, SECRET)


@pytest.mark.parametrize(
    ("make", "parse"),
    [(reply_address, parse_reply_address), (return_path, parse_return_path)],
)
def test_of_a_further_lead_it_names_the_person_and_the_mail(make: Any, parse: Any) -> None:
    address = make(f"{LEAD}:homecare", MAIL, SECRET, "drop.example")
    assert len(address.partition("@")[0]) <= 64
    assert parse(address, SECRET, "drop.example") == SignedAddress(LEAD, delivery_digest(MAIL))
