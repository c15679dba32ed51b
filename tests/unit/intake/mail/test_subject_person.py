from email.message import EmailMessage

import pytest

from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.policy import MailSource

Person = tuple[str | None, str | None, str | None]


def prospect(drop: MailSource, subject: str, text: str = "Message: Is it dry?\n") -> Prospect:
    message = EmailMessage()
    message["From"], message["Subject"] = "Tents Now <no-reply@tents.example>", subject
    message.set_content(text)
    (found,) = read_prospects(open_mail(message.as_bytes()), drop)
    return found


def person(found: Prospect) -> Person:
    contact = found.parts.contact
    return contact.name, contact.email, contact.phone


MIA: Person = ("Mia Holt", "mia@holt.example", None)
MIA_WITH_PHONE: Person = ("Mia Holt", "mia@holt.example", "202-555-0177")


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Inquiry from Mia Holt, mia@holt.example, 202-555-0177.", MIA_WITH_PHONE),
        ("Lead: Mia Holt (mia@holt.example)", MIA),
        ("New lead - Mia Holt - 202-555-0177 - mia@holt.example", MIA_WITH_PHONE),
        ("Contact form Mia Holt <mia@holt.example>", MIA),
        ("Neue Anfrage von Mia Holt; mia@holt.example; 202-555-0177", MIA_WITH_PHONE),
        ("Demande de Mia Holt / mia@holt.example", MIA),
        ("Consulta | Mia Holt | mia@holt.example | Calle Sol 3", MIA),
        ("Заявка: Мия Хольт, mia@holt.example", ("Мия Хольт", "mia@holt.example", None)),
        ("Lead mia@holt.example", (None, "mia@holt.example", None)),
        ("New lead from Tents Now, mia@holt.example", (None, "mia@holt.example", None)),
        ("Lead | 4455667788 | Hill | mia@holt.example", ("Hill", "mia@holt.example", None)),
    ],
)
def test_a_subject_of_a_request_names_the_person(
    drop: MailSource, subject: str, expected: Person
) -> None:
    found = prospect(drop, subject)
    assert person(found) == expected
    assert found.doubts == ()
    assert found.parts.interest.message == "Is it dry?"


@pytest.mark.parametrize(
    "subject",
    [
        "Ticket 202-555-0177 of rob@tents.example is closed",
        "Lead | Rob Hill | rob@mail.tents.example",
        "Lead from sales@hill.example",
        "Lead from no-reply@hill.example",
        "Lead for Rob Hill, rob@hill.example",
        "Anfrage für Rob Hill, rob@hill.example",
        "Leads: rob@hill.example, mia@holt.example",
        "Rob Hill, rob@hill.example",
        "Re: Lead, Rob Hill, rob@hill.example",
        "Monthly report of leads, rob@hill.example",
        "New lead: 202-555-0177",
    ],
)
def test_any_other_subject_names_nobody(drop: MailSource, subject: str) -> None:
    found = prospect(drop, subject)
    assert person(found) == (None, None, None)
    assert found.doubts


def test_the_text_counts_before_the_subject(drop: MailSource) -> None:
    found = prospect(drop, "Lead | Mia Holt | mia@holt.example", "Name: Eva Roth\nMessage: Hi\n")
    assert person(found) == ("Eva Roth", None, None)


def test_a_number_far_from_the_address_is_not_the_persons(drop: MailSource) -> None:
    found = prospect(drop, "Lead 202-555-0177 | Tent | Blue | Mia Holt | mia@holt.example")
    assert person(found) == MIA
