"""A mail with XML that names nobody says so; “no text” would send its sender looking elsewhere."""

from email.message import EmailMessage

import pytest

from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.policy import MailSource
from leadloop.model.errors import Unreadable


@pytest.mark.parametrize("format_", ["auto", "adf"])
@pytest.mark.parametrize(
    "xml", ["<adf></adf>", "<?xml version='1.0'?><solicitud><id>7</id></solicitud>", "<leer/>"]
)
@pytest.mark.parametrize("is_attached", [True, False])
def test_xml_without_a_prospect_says_so(
    drop: MailSource, format_: str, xml: str, is_attached: bool
) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "leads@portal.example", "Anfrage"
    if is_attached:
        mail.set_content("")
        mail.add_attachment(xml.encode(), "application", "xml", filename="lead.xml")
    else:
        mail.set_content(xml.encode(), "text", "xml")
    source = drop.model_copy(update={"format": format_})
    with pytest.raises(Unreadable, match="names no prospect"):
        read_prospects(open_mail(mail.as_bytes()), source)
