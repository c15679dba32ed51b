"""No word that a person wrote is lost where a message seems to end, or an address is split."""

import re

import pytest

from leadloop.intake.policy import MailSource
from tests.unit.intake.mail.prospects import read_mail_text
from tests.unit.intake.mail.test_labelled_mail import prospect

PERSON = "Name: Mia Holt\nE-mail: mia@holt.example\n"


@pytest.mark.parametrize(
    "message",
    [
        "Hello there\nhttps://plans.example/house\nCan you build this house?",
        "Hello,\nmy plan: https://plans.example/a\nPlease call before noon.",
        "Is it new?\nDoes the price include VAT?\nAnd can you deliver on Monday?",
        "Guten Tag,\nist die MwSt enthalten? Unsere P.IVA folgt.\nBitte rufen Sie an.",
    ],
)
def test_a_link_or_a_tax_inside_a_paragraph_ends_no_message(drop: MailSource, message: str) -> None:
    assert prospect(drop, f"{PERSON}Message:\n{message}\n").parts.interest.message == message


@pytest.mark.parametrize(
    ("below", "word"),
    [
        ("https://plans.example/house\n\nCan you build this one?", "build"),
        ("id: 4711 of your catalogue\nprice 20 EUR\n\nPlease ring my neighbour.", "neighbour"),
        (f"id: 4711\nprice 20 EUR\n\n{'very ' * 200}long", "long"),
    ],
)
def test_what_is_cut_off_a_message_is_kept_beside_it(
    drop: MailSource, below: str, word: str
) -> None:
    parts = prospect(drop, f"{PERSON}Message:\nI need two of these, please.\n\n{below}\n").parts
    kept = " ".join((parts.interest.message or "", *parts.fields.values()))
    assert "I need two of these" in kept
    assert word in kept


def test_a_vendors_own_lines_below_a_message_are_not_kept(drop: MailSource) -> None:
    below = "Reply to this lead in your inbox\nhttps://www.forms.example/lead/7\n© 2026 Forms Ltd"
    parts = prospect(drop, f"{PERSON}Message:\nI need two, please.\n\n{below}\n").parts
    assert parts.interest.message == "I need two, please."
    assert "more_text" not in parts.fields


@pytest.mark.parametrize(
    ("labels", "kept"),
    [
        ("Product: First visit with Mia Holt for two hours\n", "two hours"),
        ("Postcode: Soest\nCity: Utrecht\n", "Soest"),
        ("Address: Dorpsweg 8, 3764 CT Soest\nCity: Utrecht\n", "Soest"),
    ],
)
def test_a_part_for_which_there_is_no_field_is_kept(
    drop: MailSource, labels: str, kept: str
) -> None:
    parts = prospect(drop, f"{PERSON}{labels}Message: Hello\n").parts
    contact, interest = parts.contact.model_dump(), parts.interest.model_dump()
    assert kept in " ".join(
        map(str, (*contact.values(), *interest.values(), *parts.fields.values()))
    )


@pytest.mark.parametrize(
    "mail",
    [
        "You have a new lead!\n\nMia Holt\nmia@holt.example\n202-555-0177\n\n{}\n",
        "Mia Holt has sent you a message:\n\n{}\n\nMia Holt\nmia@holt.example\n",
        "Mia Holt wrote:\n\n“{}”\n\nReply to: mia@holt.example\n",
        "Name\nMia Holt\n\nEmail\nmia@holt.example\n\nHow can we help you?\n{}\n",
    ],
)
@pytest.mark.parametrize(
    "words",
    [
        "Hello there\n\nhttps://plans.example/house\n\nCan you build this house quickly?",
        "We have two rooms.\n\nOne of eight metres.\n\nPlease call before noon.",
        "We moved in spring.\n\nKind regards\nMia Holt\n\nPS: the gate is open until seven",
        "The roof leaks.\n---\nIt must be done by winter.",
    ],
)
def test_what_stands_below_a_person_without_labels_is_kept(
    drop: MailSource, mail: str, words: str
) -> None:
    parts = prospect(drop, mail.format(words), Subject="New inquiry from Mia Holt").parts
    kept = " ".join((parts.interest.message or "", *parts.fields.values()))
    contact = " ".join(map(str, parts.contact.model_dump(exclude_none=True).values()))
    regards = {"Kind", "regards", "PS"}  # a closing, and the name of the answer below it
    assert set(re.findall(r"\w+", words)) - regards <= set(re.findall(r"\w+", f"{kept} {contact}"))


RULED = "Message: First point.\n---\nSecond point: a red one.\n--\nThanks, Bo"


@pytest.mark.parametrize(
    "words",
    [
        RULED,
        "Nachricht: Erstens ein Bett.\n---\nZweitens: ein rotes.\n--\nDanke, Bo",
        "Mensaje: Una cama.\n***\nOtra cosa: una mesa.\nGracias",
    ],
)
def test_a_rule_between_a_persons_lines_ends_no_message(drop: MailSource, words: str) -> None:
    text = f"Name: Bo Li\nEmail: bo@li.example\n{words}\n"
    message = read_mail_text(drop, text, Subject="New lead").parts.interest.message
    assert message == words.partition(": ")[2]


def test_text_below_a_message_keeps_its_lines(drop: MailSource) -> None:
    text = (
        "Nom : Bo Li\nE-mail : bo@li.example\nMessage :\nBonjour,\n\n"
        "Budget : 3000\nDélai : mai\n\nMon fils est allergique !\n\nMerci\n"
    )
    fields = read_mail_text(drop, text, Subject="New lead").parts.fields
    assert fields["more_text"] == "Mon fils est allergique !\nMerci"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Nombre\n\nBo Li\n\nEmail\n\nbo@li.example\n\nMensaje\n\nLlámeme.\n", "Llámeme."),
        ("Name: Bo Li\nE-Mail: bo@li.example\n\nNachricht\n\nRückruf bitte.\n", "Rückruf bitte."),
        ("Nome: Bo Li\nEmail: bo@li.example\n\nMessaggio\n\nChiamatemi.\n", "Chiamatemi."),
    ],
)
def test_the_label_of_a_message_is_no_text(drop: MailSource, text: str, message: str) -> None:
    parts = read_mail_text(drop, text, Subject="New lead").parts
    assert (parts.interest.message, dict(parts.fields)) == (message, {})


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (("Name", "E-Mail", "Nachricht"), ("Erster Punkt.", "Zweiter Punkt: ein roter.", "Danke")),
        (("Nombre", "Email", "Mensaje"), ("Una cama.", "Otra cosa: una roja.", "Gracias")),
        (("Nom", "E-mail", "Message"), ("Un lit.", "Autre chose : un rouge.", "Merci")),
    ],
)
def test_a_message_of_one_paragraph_a_line_is_whole(
    drop: MailSource, labels: tuple[str, str, str], words: tuple[str, str, str]
) -> None:
    name, email, message = labels
    lines = (f"{name}: Bo Li", f"{email}: bo@li.example", f"{message}: {words[0]}", *words[1:])
    parts = read_mail_text(drop, "\n\n".join(lines), Subject="New lead").parts
    assert parts.interest.message == "\n\n".join(words)
