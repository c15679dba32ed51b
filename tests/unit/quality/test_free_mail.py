"""Houses that give or sell a mailbox to everybody say nothing of where a person works."""

import json
from importlib.resources import files

import pytest

from leadloop.identity.account import account_of
from leadloop.quality.email import parse_email


@pytest.mark.parametrize(
    "domain",
    [
        *["noos.fr", "o2mail.de", "hispeed.ch", "inode.at", "proximus.be", "caiway.nl"],
        *["glocalnet.net", "lyse.net", "youmail.dk", "welho.com", "movistar.es", "meo.pt"],
        *["fastwebnet.it", "hol.gr", "volny.cz", "azet.sk", "zahav.net.il", "turk.net"],
        *["ymobile.ne.jp", "hinet.net", "nate.com", "streamyx.com", "orcon.net.nz"],
        *["fibertel.com.ar", "etb.net.co", "eastlink.ca", "sparklight.net", "telkomsa.net"],
        *["gmail.com", "gmx.de", "tutamail.com", "startmail.com"],
        *["anonaddy.me", "duck.com", "shop.mozmail.com", "ines.anonaddy.com"],
        *["ab1.so-net.ne.jp", "mbr.nifty.com", "mail.telepac.pt"],
    ],
)
def test_a_mailbox_that_anybody_may_have_is_no_company(domain: str) -> None:
    email = parse_email(f"ines.berg@{domain}")
    assert email is not None
    assert email.free_mail
    assert account_of(email.address, free_mail=email.free_mail) is None


@pytest.mark.parametrize(
    "domain",
    [
        "nordwind.example",
        "noos.example",
        "mynoos.fr",
        "telepac.pt",
        "noos.fr.firma.com",
        "ne.jp.ee",
    ],
)
def test_a_domain_that_only_looks_alike_is_a_companys(domain: str) -> None:
    email = parse_email(f"ines.berg@{domain}")
    assert email is None or not email.free_mail


def test_each_house_stands_once() -> None:
    text = files("leadloop.quality").joinpath("mailbox_houses.json").read_text("utf-8")
    domains = [domain for row in json.loads(text).values() for domain in row.split()]
    assert len(domains) == len(set(domains))
    for domain in domains:
        email = parse_email(f"ines@{domain}")
        assert email is not None
        assert (email.free_mail, email.suggestion) == (True, None)
