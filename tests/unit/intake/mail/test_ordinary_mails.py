"""Of ordinary mails at a drop address at most one in two hundred becomes a lead."""

import pytest

from leadloop.intake.mail.doubts import DOUBT_RULES
from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.mail.read import machine_mail_reason
from leadloop.intake.policy import MailSource
from tests.unit.intake.mail.ordinary_mails import KIND_NAMES, LABELS, OrdinaryMail, ordinary_mails
from tests.unit.intake.mail.prospects import read_mail_text

MOST_FALSE_LEADS = 1


def is_lead(mail: OrdinaryMail, source: MailSource) -> bool:
    opened = open_mail(mail.body)
    return machine_mail_reason(opened) is None and any(
        not prospect.doubts for prospect in read_prospects(opened, source)
    )


def test_ordinary_mails_are_no_leads(drop: MailSource) -> None:
    mails = list(ordinary_mails())
    assert len(mails) == len(KIND_NAMES) * len(LABELS) * 2 >= 200
    leads = [(m.kind, m.language, m.layout) for m in mails if is_lead(m, drop)]
    assert len(leads) <= MOST_FALSE_LEADS, leads


def test_the_same_persons_are_leads_where_they_ask(drop: MailSource) -> None:
    for language, labels in LABELS.items():
        text = f"{labels.name}: Rosa Kern\n{labels.email}: rosa@kern.example\n"
        prospect = read_mail_text(drop, text, Subject="New lead")
        assert prospect.doubts == (), language
        assert prospect.parts.contact.email == "rosa@kern.example"


def test_an_application_is_held_whatever_it_says(drop: MailSource) -> None:
    text = "Name: Rosa Kern\nEmail: rosa@kern.example\nMessage: I drive a fork-lift.\n"
    for subject in ("Application as driver", "Bewerbung", "Candidature spontanée", "求人への応募"):
        doubts = read_mail_text(drop, text, Subject=subject).doubts
        assert [doubt.code for doubt in doubts] == ["no_inquiry"], subject


def test_each_doubt_has_a_text_of_its_own() -> None:
    assert len({rule.text for rule in DOUBT_RULES}) == len(DOUBT_RULES)


@pytest.mark.parametrize(
    ("subject", "text", "headers"),
    [
        ("Vertrag 88", "Name: Otto Mill\nTelefon: 0800 5550100\n", {}),
        ("Rinnovo contratto", "Nome: Otto Mill\nEmail: otto@mill.example\n", {}),
        ("Booking 77", "Name: Otto Mill\nEmail: otto@mill.example\nTotal: 20\n", {}),
        ("Réservation 77", "Nom: Otto Mill\nE-mail: otto@mill.example\nMontant: 20\n", {}),
        (  # who offers something signs with labels
            "We found errors",
            "Name: Otto Mill\nEmail: otto@mill.example\nService: SEO\n",
            {"From": "otto@mill.example"},
        ),
    ],
)
def test_who_is_only_named_asks_nothing(
    drop: MailSource, subject: str, text: str, headers: dict[str, str]
) -> None:
    doubts = read_mail_text(drop, text, Subject=subject, **headers).doubts
    assert "no_wish" in [doubt.code for doubt in doubts]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("5 Elm Rd", "Name: Otto Mill\nEmail: otto@mill.example\nMessage: Is it free?\n"),
        ("Otto Mill", "Name: Otto Mill\nTelefon: 030 5550101\nProdukt: Pumpe\n"),
        ("Un visiteur pour vous", "Nom: Otto Mill\nE-mail: otto@mill.example\n"),
        ("Nowy klient", "Imię i nazwisko: Otto Mill\nE-mail: otto@mill.example\n"),
    ],
)
def test_who_wants_something_is_a_lead(drop: MailSource, subject: str, text: str) -> None:
    assert read_mail_text(drop, text, Subject=subject).doubts == ()


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Booking confirmation 88", "Name: Otto Mill\nEmail: otto@mill.example\nTotal: 20\n"),
        ("Bestellbestätigung", "Name: Otto Mill\nTelefon: 030 5550101\nBetrag: 20\n"),
        ("Confirmation de commande", "Nom: Otto Mill\nE-mail: otto@mill.example\nMontant: 20\n"),
        ("Nueva reseña de Otto", "Nombre: Otto Mill\nCorreo: otto@mill.example\n"),
    ],
)
def test_a_note_to_an_order_is_no_inquiry(drop: MailSource, subject: str, text: str) -> None:
    doubts = read_mail_text(drop, f"{text}Message: Bitte klingeln\n", Subject=subject).doubts
    assert [doubt.code for doubt in doubts] == ["no_inquiry"]
