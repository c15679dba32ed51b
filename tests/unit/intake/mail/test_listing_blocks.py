"""What is offered and where the person lives, told by lines without labels."""

import pytest

from leadloop.intake.policy import MailSource
from tests.unit.intake.mail.prospects import read_mail_text

PERSON = "Name: Mia Holt\nE-mail: mia@holt.example\nPhone: 202-555-0177\n"
TITLE = "Bright flat with two rooms, Elm Road, Leeds"


@pytest.mark.parametrize("below", ["£950 pcm", "120 000 €", "R$ 870.000", "Código: AP12"])
def test_a_title_stands_above_its_price_or_number(drop: MailSource, below: str) -> None:
    text = f"New enquiry\n\n{PERSON}Message: Is it still free?\n\n{TITLE}\n{below}\n"
    interest = read_mail_text(drop, text, Subject="New enquiry").parts.interest
    assert (interest.product, interest.message) == (TITLE, "Is it still free?")


def test_a_number_alone_is_no_product(drop: MailSource) -> None:
    parts = read_mail_text(drop, f"{PERSON}Listing: 66180425\n", Subject="New lead").parts
    assert parts.interest.product is None
    assert parts.fields["listing"] == "66180425"


@pytest.mark.parametrize(
    ("town", "city", "postcode"),
    [
        ("Boise, ID 83702", "Boise", "83702"),
        ("Boise, ID", "Boise", None),
        ("Elveveien 31, 1154 Oslo", "Oslo", "1154"),
    ],
)
def test_a_town_stands_in_the_card_of_a_caller(
    drop: MailSource, town: str, city: str, postcode: str | None
) -> None:
    text = f"You have a new call from:\n\nMia Holt\n+1 202-555-0177\n{town}\n\nDuration: 3 m\n"
    contact = read_mail_text(drop, text, Subject="New call from Mia Holt").parts.contact
    assert (contact.city, contact.postcode) == (city, postcode)


@pytest.mark.parametrize("label", ["Tratamiento de interés", "What can we build for you?"])
def test_a_question_whose_words_tell_the_product(drop: MailSource, label: str) -> None:
    text = f"{PERSON}{label}: A garden house\nMessage: Please call.\n"
    assert read_mail_text(drop, text, Subject="New lead").parts.interest.product == "A garden house"


@pytest.mark.parametrize(
    "lines",
    [
        "Budget: 45000",
        "Reference: 10230",
        "Kilometerstand: 98500",
        "Année : 2019\nKilométrage : 45210",
        "Year: 2019\nMileage: 45210",
        "Vehicle: 10230\nAd ID: 55512",
        "Kundennummer: 10 12345\nHändler: 4711, 50667 Köln",
        "Código: 28013",
        "28013",
    ],
)
def test_a_number_below_another_label_is_no_home(drop: MailSource, lines: str) -> None:
    text = f"Name: Mia Holt\nE-mail: mia@holt.example\n{lines}\nMessage: How much is it?\n"
    contact = read_mail_text(drop, text, Subject="New enquiry").parts.contact
    assert (contact.street, contact.city, contact.postcode) == (None, None, None)


@pytest.mark.parametrize(
    ("offer", "product"),
    [
        ("Objekt-Nr.: 77\nStraße: Eichweg 9\nPLZ: 10115\nOrt: Berlin", "Eichweg 9, Berlin, 10115"),
        ("Réf. : 77\nAdresse : 3 rue Haute\nCode postal : 69001\nVille : Lyon",
         "3 rue Haute, Lyon, 69001"),
        ("Referencia: 77\nDirección: Calle Sol 3\nCP: 24001\nCiudad: León",
         "Calle Sol 3, León, 24001"),
    ],
)  # fmt: skip
def test_the_address_of_an_offer_close_above_a_name_is_not_the_persons(
    drop: MailSource, offer: str, product: str
) -> None:
    text = f"{offer}\nName: Mia Holt\nE-Mail: mia@holt.example\nMessage: Ist es frei?\n"
    parts = read_mail_text(drop, text, Subject="New enquiry").parts
    home = (parts.contact.street, parts.contact.city, parts.contact.postcode)
    assert (home, parts.interest.product) == ((None, None, None), product)
