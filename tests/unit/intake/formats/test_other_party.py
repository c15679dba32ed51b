"""A number or address of the portal, a seller or an adviser is never the person's."""

import pytest

from leadloop.intake.policy import MailSource
from tests.unit.intake.vendor_mails import ADA, mail, read_prospect, who


@pytest.mark.parametrize(
    "after",
    [
        "\r\nBest regards\r\nPortal Team\r\nTel: 0800 555 0100\r\nE-Mail: help@portal.example\r\n",
        "\r\nMit freundlichen Grüßen\r\nIhr Portal\r\nTelefon: 0800 555 0100\r\n",
        "\r\nCordialement,\r\nL'équipe\r\nTéléphone : 01 55 55 01 00\r\n",
        "Ihr Ansprechpartner: Bob Makler\r\nTelefon: 030 555 0100\r\n",
        "\r\nVotre conseiller\r\nTéléphone: 01 55 55 01 00\r\n",
        "Name: Bob Seller\r\nPhone: 800-555-0100\r\n",
        "Fax: 202-555-0177\r\n",
        "Emergency contact phone: 800-555-0100\r\n",
    ],
)
def test_a_number_of_somebody_else_is_never_the_persons(drop: MailSource, after: str) -> None:
    prospect = read_prospect(drop, mail(f"Name: Ada Byron\r\nEmail: {ADA[1]}\r\n{after}"))
    assert who(prospect) == ("Ada Byron", ADA[1], None)
