"""Layouts of vendors that nobody here has seen: questions, cards, sentences, chats, calls."""

import pytest

from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.policy import MailSource
from tests.unit.intake.mail.prospects import read_mail_text
from tests.unit.intake.vendor_mails import mail, read_prospect, who

MIA = ("Mia Holt", "mia@holt.example", "202-555-0177")
BOLD = "<p><strong>{}</strong></p><p>{}</p>"
GRAY = '<div style="color:#888">{}</div><div>{}</div>'
CELLS = "<tr><td><b>{}</b></td></tr><tr><td>{}</td></tr>"
TERMS = "<dt>{}</dt><dd>{}</dd>"
SPACED = "{}\n\n{}\n\n"
UNDERLINED = "{}\n=======\n{}\n\n"
PARAGRAPHS = "{}\n{}\n\n"
ANSWERS = (
    ("What shall we call you?", MIA[0]),
    ("Where can we write to you?", MIA[1]),
    ("Best number to ring?", MIA[2]),
    ("Which room is it?", "The kitchen"),
    ("Anything else we should know?", "We have two dogs."),
)


@pytest.mark.parametrize("form", [BOLD, GRAY, CELLS, TERMS, SPACED, UNDERLINED, PARAGRAPHS])
def test_an_answer_below_a_question_that_nobody_knows(drop: MailSource, form: str) -> None:
    body = "".join(form.format(*pair) for pair in ANSWERS)
    kind = "html" if "<" in form else "plain"
    body += "<p><a href='https://f.example/1'>View results</a></p>" if kind == "html" else ""
    prospect = read_prospect(drop, mail(body, kind))
    assert who(prospect) == MIA
    assert prospect.parts.interest.message == "We have two dogs."
    assert "The kitchen" in prospect.parts.fields.values()
    assert prospect.doubts == ()


CARD = f"{MIA[0]}\n{MIA[2]}\n{MIA[1]}\n"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("New lead", f"You have a new enquiry\n\nCONTACT DETAILS\n----------\nMs {CARD}"),
        ("Neue Anfrage", f"Guten Tag,\n\nKontaktdaten:\n\nFrau {CARD}"),
        ("Nueva consulta", f"Hola,\n\n{MIA[0]} te ha enviado un mensaje.\n\n{CARD}"),
        ("Mia Holt is interested in 5 Elm Rd", f"Reach her at {MIA[1]} or {MIA[2]}.\n"),
    ],
)
def test_a_card_without_labels(drop: MailSource, subject: str, text: str) -> None:
    prospect = read_mail_text(drop, text, Subject=subject)
    assert who(prospect) == MIA
    assert prospect.doubts == ()


def test_what_somebody_elses_label_gives_is_not_the_persons(drop: MailSource) -> None:
    text = f"New lead\n\n{MIA[0]}\n{MIA[1]}\nFax: 202-555-0199\nYour agent: 202-555-0198\n"
    assert who(read_mail_text(drop, text, Subject="New lead")) == (*MIA[:2], None)


@pytest.mark.parametrize(
    "below",
    [
        "-----\nPortal Ltd, 1 High Street\n",
        "View contact in Portal: https://portal.example/1\n",
        "Kind regards,\nThe Portal Team\n",
        "Cordialement,\nL'équipe Portal\n",
        "Never send money before you have seen the flat: beware of fraud.\n",
        "Contact details\n\n" + CARD,
    ],
)
def test_the_message_ends_where_the_vendor_goes_on(drop: MailSource, below: str) -> None:
    text = f"Name: {MIA[0]}\nEmail: {MIA[1]}\n\nMessage:\nIs it free?\n\nThank you\nMia\n\n{below}"
    message = read_mail_text(drop, text).parts.interest.message
    assert message == "Is it free?\n\nThank you\nMia"


@pytest.mark.parametrize(
    "heading",
    ["Her message reads:", "Opmerking van de klant:", "Poznámka zájemce:", "Son message :"],
)
def test_a_heading_of_any_wording_begins_the_message(drop: MailSource, heading: str) -> None:
    text = f"New lead\n\n{CARD}\n{heading}\n\nIs it free?\n"
    assert read_mail_text(drop, text).parts.interest.message == "Is it free?"


def test_the_visitors_lines_of_a_chat_are_the_message(drop: MailSource) -> None:
    text = (
        f"Visitor: {MIA[0]} ({MIA[1]})\nAgent: Bob\n\n"
        "[10:01] Mia Holt: Do you mend bikes?\n[10:02] Bob: Yes. Call us at 202-555-0100\n"
        f"[10:03] Mia Holt: sure, {MIA[2]}\n\nSent by Chatty\n"
    )
    prospect = read_mail_text(drop, text, Subject="Chat transcript")
    assert who(prospect) == MIA
    assert prospect.parts.interest.message == f"Do you mend bikes?\nsure, {MIA[2]}"


def test_a_voicemail_names_the_caller(drop: MailSource) -> None:
    text = (
        f"From: {MIA[2]}\nReceived: today\nTo: 202-555-0100\n\nTranscript:\n"
        '"Hi, my name is Mia Holt. My heating is cold."\n\nRate this transcript\n'
    )
    prospect = read_mail_text(drop, text, Subject=f"New voicemail from {MIA[2]}")
    assert who(prospect) == (MIA[0], None, MIA[2])
    assert prospect.parts.interest.message == "Hi, my name is Mia Holt. My heating is cold."


def test_the_offer_stands_in_the_subject_and_in_the_text(drop: MailSource) -> None:
    text = f"Name: {MIA[0]}\nEmail: {MIA[1]}\n\nRenault Clio 1.2, 2018\n9,000 miles\n"
    prospect = read_mail_text(drop, text, Subject="New enquiry: Renault Clio 1.2, 2018")
    assert prospect.parts.interest.product == "Renault Clio 1.2, 2018"


def test_labels_go_on_below_a_message_of_one_line(drop: MailSource) -> None:
    text = (
        f"Name: {MIA[0]}\nPhone: {MIA[2]}\nEmail: {MIA[1]}\nComments: A leak. Note: we have a dog."
    )
    prospect = read_mail_text(drop, f"{text}\nColour: Blue\n")
    assert prospect.parts.interest.message == "A leak. Note: we have a dog."
    assert prospect.parts.fields == {"colour": "Blue"}


def test_a_list_of_persons_is_one_lead_each(drop: MailSource) -> None:
    text = "".join(f"Name: {n} Ray\nEmail: {n}@ray.example\n\n" for n in ("Ann", "Bea"))
    found = read_prospects(open_mail(mail(text, subject="2 new leads")), drop)
    assert [prospect.parts.contact.name for prospect in found] == ["Ann Ray", "Bea Ray"]
    assert not any(prospect.doubts for prospect in found)


@pytest.mark.parametrize(
    ("label", "value", "phone", "postcode"),
    [("Cep", "0532 123 45 67", "0532 123 45 67", None), ("CEP", "01310-100", None, "01310-100")],
)
def test_cep_is_a_phone_or_a_postcode(
    drop: MailSource, label: str, value: str, phone: str | None, postcode: str | None
) -> None:
    contact = read_mail_text(drop, f"Name: {MIA[0]}\n{label}: {value}\n").parts.contact
    assert (contact.phone, contact.postcode) == (phone, postcode)


def test_an_address_of_ours_is_nobodys(drop: MailSource) -> None:
    text = f"Name: {MIA[0]}\nEmail: us@drop.example\nPhone: {MIA[2]}\nMessage: Hi\n"
    assert who(read_mail_text(drop, text, To="us@drop.example")) == (MIA[0], None, MIA[2])


@pytest.mark.parametrize("below", ["", "<dt>List price</dt><dd>$400,000</dd>"])
def test_a_home_in_a_form_is_the_persons_unless_a_listing_is_told(
    drop: MailSource, below: str
) -> None:
    pairs = (
        ("Name", MIA[0]),
        ("Email", MIA[1]),
        ("Property address", "9 Elm Rd<br>Troy, NY 12180"),
    )
    body = "".join(TERMS.format(*pair) for pair in pairs)
    parts = read_prospect(drop, mail(f"<dl>{body}{below}</dl>", "html")).parts
    home = (parts.contact.street, parts.contact.postcode, parts.interest.product)
    listed = (None, None, "9 Elm Rd, Troy, NY 12180")
    assert home == (listed if below else ("9 Elm Rd", "12180", None))
