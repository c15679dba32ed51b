"""Portals that write in the person's name."""

import pytest

from leadloop.intake.mail.sayings import are_same_name, find_saying, person_in_display_name
from leadloop.intake.policy import MailSource
from tests.unit.intake.mail.prospects import read_mail_text

RELAY = "conv-7ab2@messages.homes.example"


@pytest.mark.parametrize(
    ("sender", "text", "name", "message"),
    [
        (
            "Rosa Kern",
            "Eine Anfrage\n\nRosa Kern schreibt:\nIst die Wohnung frei?\n\nObjekt:\nAm Ufer 3\n",
            "Rosa Kern",
            "Ist die Wohnung frei?",
        ),
        (
            "Rose K. via Métiers",
            "Bonjour\n\nRose K. a écrit : « Deux portes à peindre, svp ? »\n\nÀ bientôt",
            "Rose K.",
            "Deux portes à peindre, svp ?",
        ),
        (
            "Rosa Campos (via Casas)",
            "Rosa escribió:\n“¿Sigue libre?\n\nGracias”\n\nResponder en la app\n",
            "Rosa Campos",
            "¿Sigue libre?\n\nGracias",
        ),
        ("Rosa Bianchi", "*Rosa Bianchi* ha scritto:\nÈ libera?", "Rosa Bianchi", "È libera?"),
        (
            "Róża Kos",
            "Róża Kos napisała:\n\nCzy wolne?\nDziękuję",
            "Róża Kos",
            "Czy wolne?\nDziękuję",
        ),
        ("Роза Ким", "Роза Ким пишет: Свободна ли квартира?", "Роза Ким", "Свободна ли квартира?"),
        ("Rosa Kern", "New message from Rosa Kern: Is it free?", "Rosa Kern", "Is it free?"),
        (
            "山田花子",
            "山田花子さんからのメッセージ：\nまだ空いていますか",
            "山田花子",
            "まだ空いていますか",
        ),
        (
            "Rosa K.",
            "Rosa Kern says:\nIs it free?\n\nThank you!",
            "Rosa Kern",
            "Is it free?\n\nThank you!",
        ),
    ],
)
def test_what_stands_below_the_name_is_the_message(
    drop: MailSource, sender: str, text: str, name: str, message: str
) -> None:
    prospect = read_mail_text(drop, text, From=f"{sender} <{RELAY}>", Subject="5 Elm Rd")
    assert prospect.doubts == ()
    assert (prospect.parts.contact.name, prospect.parts.interest.message) == (name, message)
    assert prospect.parts.fields == {"relay_email": RELAY}
    assert prospect.parts.contact.email is prospect.parts.contact.phone is None
    assert prospect.by["interest.message"].startswith("“")


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("[Customer Name] via Jobs", '[Customer Name] wrote: "Could you paint?"'),
        ("{{first_name}} via Jobs", "{{first_name}} schreibt: Hallo"),
        ("Rosa Kern", "Otto Mill says:\nIs it free?"),  # somebody else is quoted
        ("Rosa Kern", "Rosa Kern wrote:\n> Is it free?\n"),  # an older mail is quoted
        ("Homes", "A customer says:\nGood service"),
        ("Rosa Kern", "Rosa Kern says:\n"),
    ],
)
def test_nobody_speaks(drop: MailSource, sender: str, text: str) -> None:
    headers = {"From": f"{sender} <{RELAY}>", "Subject": "A new message"}
    prospect = read_mail_text(drop, text, **headers)
    assert prospect.doubts
    assert prospect.parts.contact.name is None
    assert prospect.parts.interest.message is None


def test_a_contact_in_the_message_is_not_the_persons(drop: MailSource) -> None:
    text = "Rosa Kern says:\nCall my agent.\nPhone: 030 5550101\n"
    prospect = read_mail_text(drop, text, From=f"Rosa Kern <{RELAY}>", Subject="Rosa Kern asks")
    assert prospect.parts.contact.phone is None
    assert prospect.parts.interest.message == "Call my agent.\nPhone: 030 5550101"


def test_a_mail_to_many_says_nothing(drop: MailSource) -> None:
    headers = {"From": f"Rosa Kern <{RELAY}>", "List-Unsubscribe": "<https://homes.example/out>"}
    prospect = read_mail_text(drop, "Rosa Kern says:\nNice photo!", **headers, Subject="News")
    assert prospect.doubts
    assert prospect.parts.contact.name is None


def test_labels_below_the_saying_are_still_read(drop: MailSource) -> None:
    text = "Rosa Kern says:\nIs it free?\n\nDetails:\nPhone: 030 5550101\nStock no: 7\n"
    prospect = read_mail_text(drop, text, From=f"Rosa Kern <{RELAY}>", Subject="Hello")
    assert (prospect.parts.contact.phone, prospect.parts.fields["stock"]) == ("030 5550101", "7")


def test_the_lines_keep_their_numbers() -> None:
    saying = find_saying("a\nRosa Kern says:\nfree?\n\nHome:\nx", ("Rosa Kern",))
    assert saying is not None
    assert saying.rest.split("\n")[4:] == ["Home:", "x"]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Ada", "Ada Byron", True),
        ("Ada B.", "Ada Byron", True),
        ("ada byron", "Ada Byron", True),
        ("Ada Byron", "Ada B", True),
        ("A. Byron", "Ada Byron", False),
        ("Ada C.", "Ada Byron", False),
        ("Ada Bell", "Ada Byron", False),
        ("", "Ada", False),
    ],
)
def test_who_speaks_must_be_who_sends(first: str, second: str, same: bool) -> None:
    assert are_same_name(first, second) is same


@pytest.mark.parametrize(
    ("display_name", "name"),
    [
        ("Ada B. via Jobs", "Ada B."),
        ("Ada Byron (über Wohnen)", "Ada Byron"),
        ("Ada", "Ada"),
        ("[Name]", None),
        ("a customer", None),
        ("ada@b.example", None),
        (None, None),
    ],
)
def test_the_portal_is_no_part_of_a_name(display_name: str | None, name: str | None) -> None:
    assert person_in_display_name(display_name) == name


@pytest.mark.parametrize("mailbox", ["a8812kz", "9zz81kq0a", "anfrage7", "x"])
@pytest.mark.parametrize("host", ["mensajes.casas.example", "inbox.wohnen.example"])
def test_a_portal_that_quotes_its_sender_passes_mail_on(
    drop: MailSource, mailbox: str, host: str
) -> None:
    text = "Ana G. dice:\n¿Sigue libre?\n\nLa vivienda:\nCalle Sol 3, León\n"
    address = f"{mailbox}@{host}"
    parts = read_mail_text(drop, text, From=f'"Ana G." <{address}>', Subject="Mensaje").parts
    assert (parts.contact.name, parts.fields["relay_email"]) == ("Ana G.", address)
    assert parts.interest.message == "¿Sigue libre?"
