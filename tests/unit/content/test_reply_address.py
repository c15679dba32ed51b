"""Where an answer to our mail goes: it names the lead, and nobody can make one for another."""

from hypothesis import given
from hypothesis import strategies as st

from leadloop.content.reply_address import parse_reply_address, reply_address

SECRET, OTHER = b"a secret that is long enough to sign", b"another one"
LEAD = "MFRGGZDFMZTWQ2LKNNWG23TPOA"
ADDRESS = reply_address(LEAD, SECRET, "drop.example")


@given(st.from_regex(r"[A-Z0-9]{26}(\.[0-9]{1,3})?", fullmatch=True))
def test_it_says_whose_mail_is_answered(lead_id: str) -> None:
    address = reply_address(lead_id, SECRET, "Drop.example")
    assert parse_reply_address(address, SECRET, "drop.EXAMPLE") == lead_id
    assert len(address.partition("@")[0]) <= 64


def test_servers_that_write_it_otherwise_do_no_harm() -> None:
    assert parse_reply_address(ADDRESS.upper(), SECRET, "drop.example") == LEAD


def test_an_address_of_another_lead_secret_or_domain_is_nobodys() -> None:
    forged = ADDRESS.replace(LEAD.lower(), "A" * 26)
    assert parse_reply_address(forged, SECRET, "drop.example") is None
    assert parse_reply_address(ADDRESS, OTHER, "drop.example") is None
    assert parse_reply_address(ADDRESS, SECRET, "elsewhere.example") is None


@given(st.text())
def test_whatever_else_it_is_it_names_no_lead(text: str) -> None:
    assert parse_reply_address(text, SECRET, "drop.example") is None
