"""The company behind an address."""

import pytest

from leadloop.identity.account import account_of
from leadloop.quality.email import parse_email


@pytest.mark.parametrize(
    ("written", "account"),
    [
        ("ana@acme.example", "acme.example"),
        ("ana@mail.acme.co.uk", "acme.co.uk"),
        ("ana@shop.bücher.de", "bücher.de"),
        ("ana@shop.xn--bcher-kva.de", "bücher.de"),
        ("ana@mail.firma.公司.cn", "firma.公司.cn"),  # a suffix of two labels, in both spellings
        ("ana@mail.firma.xn--55qx5d.cn", "firma.公司.cn"),
    ],
)
def test_the_registrable_domain_is_the_company_however_it_is_spelt(
    written: str, account: str
) -> None:
    email = parse_email(written)
    assert email is not None
    assert account_of(email.address, free_mail=False) == account


def test_nobody_is_a_company_by_free_mail_or_without_an_address() -> None:
    assert account_of("ana@gmail.com", free_mail=True) is None
    assert account_of(None, free_mail=False) is None


@pytest.mark.parametrize(
    ("address", "account"),
    [
        ("uta@hafenkran.onmicrosoft.com", "hafenkran.onmicrosoft.com"),
        ("uwe@ziegelei.onmicrosoft.com", "ziegelei.onmicrosoft.com"),
        ("joao@padaria.mail.onmicrosoft.com", "padaria.onmicrosoft.com"),
        ("lin@chafang.partner.onmschina.cn", "chafang.partner.onmschina.cn"),
        ("support@molen.zendesk.com", "molen.zendesk.com"),
        ("info@tartak.odoo.com", "tartak.odoo.com"),
        ("ana@butik.myshopify.com", "butik.myshopify.com"),
        ("it@onmicrosoft.com", "onmicrosoft.com"),
        ("it@mail.onmicrosoft.com", "onmicrosoft.com"),
        ("ana@notonmicrosoft.com", "notonmicrosoft.com"),
    ],
)
def test_each_firm_at_a_host_of_many_is_an_account_of_its_own(address: str, account: str) -> None:
    assert account_of(address, free_mail=False) == account
