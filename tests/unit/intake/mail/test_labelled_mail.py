from email.message import EmailMessage

import pytest

from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.policy import MailSource


def prospect(drop: MailSource, text: str, **headers: str) -> Prospect:
    message = EmailMessage()
    known = {"From": "Forms <no-reply@forms.example>", "Subject": "New entry", **headers}
    for name, value in known.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    (found,) = read_prospects(open_mail(message.as_bytes()), drop)
    return found


@pytest.mark.parametrize(
    ("line", "group", "field", "value"),
    [
        ("Name: Ciara O&#039;Shea", "contact", "name", "Ciara O'Shea"),
        ("Name: Ciara O&#x27;Shea", "contact", "name", "Ciara O'Shea"),
        ("Name: Zo&euml; Br&uuml;ck", "contact", "name", "Zoë Brück"),
        ("Nom : Ren&eacute;e No&euml;l", "contact", "name", "Renée Noël"),
        ("Jm&eacute;no: Ji&#345;&iacute;", "contact", "first_name", "Jiří"),
        ("Company: Pike &amp;amp; Daughters", "contact", "company", "Pike & Daughters"),
        ("Phone: &#43;49 171 5550322", "contact", "phone", "+49 171 5550322"),
        ("Stra&szlig;e: H&ouml;he&nbsp;3", "contact", "street", "Höhe 3"),
        ("Message: 5 &lt; 6 &amp; &quot;more&quot;", "interest", "message", '5 < 6 & "more"'),
        ("Website: x.example/?a=1&copy=2", "contact", "website", "x.example/?a=1&copy=2"),
    ],
)
def test_references_of_plain_text_are_letters(
    drop: MailSource, line: str, group: str, field: str, value: str
) -> None:
    found = prospect(drop, f"E-mail: c&#64;shea.example\n{line}\n")
    assert found.parts.contact.email == "c@shea.example"
    assert getattr(getattr(found.parts, group), field) == value


@pytest.mark.parametrize("breaks", ["&#10;", "&#13;", "&NewLine;", "&amp;#10;", "&#8232;"])
def test_a_reference_makes_no_line_in_a_message(drop: MailSource, breaks: str) -> None:
    found = prospect(drop, f"Email: c@shea.example\nMessage: hi{breaks}Phone: 202-555-0199\n")
    assert found.parts.contact.phone is None


def test_answers_without_a_field_of_ours_reach_the_submission(drop: MailSource) -> None:
    text = "Name: Mia Holt\nMobile: 202-555-0177\nWork phone: 202-555-0188\nSeats: 12\nAgent: Sue\n"
    found = prospect(drop, text)
    assert found.parts.fields == {"other_phones": "202-555-0188", "seats": "12"}
    assert found.ignored == ("Agent",)
    assert found.doubts == ()


def test_a_country_behind_an_address_is_not_lost(drop: MailSource) -> None:
    text = (
        "Name: Mia Holt\nE-mail: mia@holt.example\nAddress: Dorpsweg 8, 3764 CT Soest, Nederland\n"
    )
    parts = prospect(drop, text).parts
    contact = parts.contact
    assert (contact.street, contact.postcode, contact.city) == ("Dorpsweg 8", "3764 CT", "Soest")
    assert (contact.country, parts.fields) == ("Nederland", {})
