"""Where the person's words end and the vendor goes on: headings, boxes, talk of a customer."""

import pytest

from leadloop.intake.policy import MailSource
from tests.unit.intake.mail.prospects import read_mail_text

PERSON = "Name: Mia Holt\nE-mail: mia@holt.example\nPhone: 202-555-0177\n"
WORDS = "We need a tent for sixty.\nIs Saturday free?"


@pytest.mark.parametrize(
    "below",
    [
        "About the event\nGuests: sixty\nFloor: grass\n",
        "Angaben zur Feier\nGäste: 60\nDatum: 01.05.2027\n",
        "Additional information:\nTransaction ID: 12:34\nForm name: Tents\nhttps://tents.example\n",
        "Order id: -\nAttachment: -\n",
        "The customer expects an answer by Monday.\n",
        "Kunden forventer svar inden mandag.\n",
        "Puedes contactar con ella en el 202-555-0177 o en mia@holt.example\n",
    ],
)
def test_the_message_ends_above_the_vendors_lines(drop: MailSource, below: str) -> None:
    text = f"{PERSON}\nMessage:\n{WORDS}\n\n{below}"
    prospect = read_mail_text(drop, text, Subject="New lead")
    assert prospect.parts.interest.message == WORDS


def test_the_message_ends_above_a_box_that_was_ticked(drop: MailSource) -> None:
    text = f"{PERSON}Message: {WORDS}\nI accept the terms: on\n"
    parts = read_mail_text(drop, text, Subject="New lead").parts
    assert parts.interest.message == WORDS
    assert parts.fields == {"i_accept_the_terms": "on"}


@pytest.mark.parametrize(
    "words",
    [
        "We need a tent.\n\nThank you\nMia Holt",
        "We need a tent.\n\nDate: Sunday would suit us best.\nQuestion: is it waterproof?",
    ],
)
def test_the_persons_own_lists_stay_in_the_message(drop: MailSource, words: str) -> None:
    text = f"{PERSON}\nMessage:\n{words}\n"
    assert read_mail_text(drop, text, Subject="New lead").parts.interest.message == words


def test_headings_in_capitals_part_the_mail(drop: MailSource) -> None:
    text = (
        f"CONTACT DETAILS\n{PERSON}\nTHEIR MESSAGE\n{WORDS}\n\nTHEIR PLANS\nTo buy, to live there\n"
    )
    prospect = read_mail_text(drop, text, Subject="New lead")
    assert prospect.parts.interest.message == WORDS


@pytest.mark.parametrize(
    "announcement",
    [
        "folgende Nachricht ist soeben eingegangen:",
        "zu Ihrer Anzeige ist folgende Anfrage eingegangen:",
        "hai ricevuto il seguente messaggio:",
        "heeft het volgende bericht gestuurd:",
    ],
)
def test_a_sentence_announces_the_message(drop: MailSource, announcement: str) -> None:
    text = f"Guten Tag,\n\n{announcement}\n\n{WORDS}\n\n{PERSON}"
    prospect = read_mail_text(drop, text, Subject="Neue Anfrage")
    assert prospect.parts.interest.message == WORDS


@pytest.mark.parametrize("label", ["Request", "User requirement", "Zapytanie", "Demande"])
def test_a_request_in_few_words_is_the_product(drop: MailSource, label: str) -> None:
    text = f"{label}: A tent for sixty guests\n\n{PERSON}\nMessage:\n{WORDS}\n"
    interest = read_mail_text(drop, text, Subject="New lead").parts.interest
    assert (interest.product, interest.message) == ("A tent for sixty guests", WORDS)


def test_a_word_before_a_label_says_whose_it_is(drop: MailSource) -> None:
    text = "User name: Mia Holt\nUser phone: 202-555-0177\nUser city: Boise\nUser zip: 83702\n"
    contact = read_mail_text(drop, text, Subject="New lead").parts.contact
    assert (contact.name, contact.phone, contact.city) == ("Mia Holt", "202-555-0177", "Boise")


def test_a_login_is_no_name(drop: MailSource) -> None:
    parts = read_mail_text(drop, f"{PERSON}Username: mholt7\n", Subject="New lead").parts
    assert parts.contact.name == "Mia Holt"


@pytest.mark.parametrize(
    ("product", "name", "details"),
    [
        ("2021 Blue Wagon, VIN 1A2B3C4D5E, $20,000", "2021 Blue Wagon", "VIN 1A2B3C4D5E, $20,000"),
        ("Garden fence (nr 123456)", "Garden fence", "(nr 123456)"),
        ("Flat in Elm Road - 120 000 €", "Flat in Elm Road", "120 000 €"),
    ],
)
def test_the_number_and_the_price_behind_a_product(
    drop: MailSource, product: str, name: str, details: str
) -> None:
    parts = read_mail_text(drop, f"{PERSON}Product: {product}\n", Subject="New lead").parts
    assert (parts.interest.product, parts.fields["offer_details"]) == (name, details)


ASKED = "Is it still free? We could come on Friday."


@pytest.mark.parametrize(
    "card",
    [
        "Absender: Mia Holt\nE-Mail: mia@holt.example\nTelefonnummer: 030 5550101",
        "Expéditeur : Mia Holt\nE-mail : mia@holt.example\nTéléphone : 01 99 00 12 34",
        "Sender: Mia Holt\nEmail: mia@holt.example\nPhone: 202-555-0177",
        "Trade-in: Golf, 148 000 km\nFinancing: yes",
        "Inzahlungnahme: Golf, 148 000 km\nFinanzierung: ja",
    ],
)
def test_a_paragraph_of_labels_ends_a_message(drop: MailSource, card: str) -> None:
    text = (
        f"You have a new enquiry:\n\nMessage:\n\n{ASKED}\n\nMia\n\n{card}\n\nReply to this mail.\n"
    )
    headers = {"Subject": "New enquiry", "Reply-To": "Mia Holt <mia@holt.example>"}
    interest = read_mail_text(drop, text, **headers).parts.interest
    assert interest.message == f"{ASKED}\n\nMia"


def test_a_card_below_a_message_gives_no_number(drop: MailSource) -> None:
    text = f"{PERSON}Message: {ASKED}\n\nCall: Otto\nPhone: 030 5550101\n"
    assert read_mail_text(drop, text, Subject="New lead").parts.contact.phone == "202-555-0177"


@pytest.mark.parametrize(
    "facts",
    [
        "Flat, Elm Road, Leeds\nCode: 106622918\nRef. own: LEG-0131",
        "CAHORS, 46000\n\nMaison • 6 pièces • 134 m²\n\nN° 41207",
        "Wohnung am Ufer, 3. Stock\nKennung: 77123",
    ],
)
def test_facts_of_an_offer_begin_no_message(drop: MailSource, facts: str) -> None:
    head = f"You have a new message about your home\n{facts}"
    text = f"{head}\n\nMia Holt\nmia@holt.example\n\n{ASKED}\n"
    headers = {"Subject": "New message from Mia Holt", "Reply-To": "mia@holt.example"}
    assert read_mail_text(drop, text, **headers).parts.interest.message == ASKED


@pytest.mark.parametrize(
    "words",
    [
        "Is the floor bad, as on photo 6? And\nhas it a hook? We want to use it for our team.",
        "Ist der Boden defekt, wie auf Foto 6? Und\nhat er einen Haken? Wir fahren damit zum Bau.",
        "Is de vloer nog stuk, zoals op foto 6? En\nheeft hij een haak? We rijden ermee.",
    ],
)
def test_questions_in_prose_are_no_rows(drop: MailSource, words: str) -> None:
    text = f"You have a message from Mia Holt:\n\n{words}\n\nPhone: 202-555-0177\n"
    headers = {"Subject": "Message from Mia Holt", "Reply-To": "mia@holt.example"}
    assert read_mail_text(drop, text, **headers).parts.interest.message == words


def test_the_last_label_of_a_section_heads_the_message(drop: MailSource) -> None:
    text = (
        "-- From --\nName: Mia Holt\nEmail: mia@holt.example\n\n-- Enquiry --\n"
        f"Wish: A visit\nSituation: Owns a home\nComments: {ASKED}\n\n"
        "-- Property --\nAddress: 9 Elm Road, Leeds\nPrice: £585,000\n"
    )
    parts = read_mail_text(drop, text, Subject="New enquiry").parts
    assert parts.interest.message == ASKED
    assert (parts.contact.street, parts.interest.product) == (None, "9 Elm Road, Leeds")
