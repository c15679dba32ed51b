"""Domains that tell of no company: sold to the public, hiding another, or a slip of one of them."""

import pytest

from leadloop.identity.account import account_of
from leadloop.quality.email import parse_email
from leadloop.quality.mailbox_houses import is_mailbox_house


@pytest.mark.parametrize(
    "domain",
    [
        "numericable.fr", "ocn.ne.jp", "xtra.co.nz", "telkomsa.net", "videotron.ca", "eircom.net",
        "bluewin.ch", "elisanet.fi", "skynet.be", "ziggo.nl", "vnn.vn", "uol.com.br", "mynet.com",
        "duck.com", "kim.anonaddy.com", "hotmail.no", "yahoo.com.ph", "outlook.co.th", "gmx.es",
        "gmail.com", "web.de", "t-online.de", "abc.ocn.ne.jp", "fibertel.com.ar", "ciudad.com.ar",
        "emirates.net.ae", "eim.ae", "cytanet.com.cy", "wanadoo.nl", "telia.se", "telia.fi",
        "delfi.lt",
    ],
)  # fmt: skip
def test_a_house_of_mailboxes_is_no_company(domain: str) -> None:
    email = parse_email(f"kim@{domain}")
    assert email is not None
    assert email.free_mail
    assert account_of(email.address, free_mail=email.free_mail) is None


@pytest.mark.parametrize(
    "domain",
    ["siemens.com", "telstra.com", "nus.edu.sg", "mysfr.fr", "outlook.acme.example",
     "gmx.foundation", "man.com", "olive.com", "acme.com", "hey.company"],
)  # fmt: skip
def test_a_company_stays_one(domain: str) -> None:
    email = parse_email(f"kim@{domain}")
    assert email is not None
    assert not email.free_mail


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("lapsote.net", "laposte.net"),
        ("freenet.ed", "freenet.de"),
    ],
)
def test_a_slip_of_a_house_is_no_company_and_the_house_is_suggested(slip: str, meant: str) -> None:
    email = parse_email(f"kim@{slip}")
    assert email is not None
    assert (email.free_mail, email.suggestion) == (True, f"kim@{meant}")


def test_the_lists_hold_domains_in_lower_case() -> None:
    from leadloop.quality.mailbox_houses import _houses  # noqa: PLC0415

    assert len(_houses()) > 600
    assert all("." in each and each == each.lower() for each in _houses())
    assert not is_mailbox_house("com")
