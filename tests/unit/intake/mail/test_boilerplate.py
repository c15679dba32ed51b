"""A portal's own sentences are no message of a person."""

import pytest

from leadloop.intake.formats.boilerplate import strip_boilerplate
from leadloop.intake.policy import MailSource
from tests.unit.intake.mail.prospects import read_mail_text

SENTENCES = [
    "This e-mail was sent from a contact form on Pumps (https://pumps.example)",
    "No message was left by the customer.",
    "The customer did not leave a message",
    "Reply directly to this email to answer the customer.",
    "(no comments)",
    "Diese E-Mail wurde von einem Kontaktformular auf Pumpen (https://p.example) gesendet",
    "Der Kunde hat keine Nachricht hinterlassen.",
    "Keine Nachricht",
    "Cet e-mail a été envoyé depuis le formulaire de contact de Pompes",
    "Aucun message",
    "Este mensaje fue enviado desde un formulario de contacto en Bombas",
    "Questa e-mail è stata inviata da un modulo di contatto su Pompe",
    "Nessun messaggio",
    "Esta mensagem foi enviada de um formulário de contato em Bombas",
    "Deze e-mail is verzonden via het contactformulier op Pompen",
    "Brak wiadomości",
    "Это письмо было отправлено с сайта Насосы",
    "このメールはポンプのお問い合わせフォームから送信されました",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_only_the_persons_words_are_left(sentence: str) -> None:
    assert strip_boilerplate(f"Two pumps, please.\n\n{sentence}") == "Two pumps, please."
    assert strip_boilerplate(f"Two pumps, please.\n\n-- \n{sentence}\n") == "Two pumps, please."
    assert strip_boilerplate(sentence) == ""


@pytest.mark.parametrize(
    "message",
    [
        "Two pumps, please.\nPlease reply by Friday at noon.",
        "No message from you yet. Why?",
        "This e-mail was sent from my office, where is the answer? Call me.\nAda",
        "Please reply by Friday, my number is below.\nAda",
        "Keine Nachricht bisher, wann kommen die Pumpen?",
        "Nessun messaggio da voi: quando arriva?",
    ],
)
def test_a_sentence_of_the_person_stays(message: str) -> None:
    assert strip_boilerplate(message) == message


@pytest.mark.parametrize("sentence", ["No comments provided", "Keine Angabe", "Sin mensaje"])
def test_a_mail_with_a_portals_sentence_has_no_message(drop: MailSource, sentence: str) -> None:
    text = f"Name: Rosa Kern\nEmail: rosa@kern.example\nMessage: {sentence}\n"
    prospect = read_mail_text(drop, text)
    assert prospect.parts.interest.message is None
    assert prospect.parts.contact.email == "rosa@kern.example"
