"""A mail with “Lead 1 of 2” tells of two persons."""

from leadloop.intake.mail.digests import split_digest
from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.policy import MailSource

MAIL = """From: leads@portal.example
To: desk@dealer.example
Subject: 2 new leads

Lead 1 of 2
Ada Byron
Email: ada@byron.example

Lead 2 of 2
Max Kern
Email: max@kern.example
"""


def test_each_numbered_part_is_a_text_of_its_own() -> None:
    source = MailSource(
        kind="mail", id="s", product_line="p", country="US", language="en", address="-"
    )
    first, second = split_digest(OpenedMail(open_mail(MAIL.encode()), source))
    assert "ada@byron.example" in first
    assert "max@kern.example" in second
    assert "max@kern.example" not in first
