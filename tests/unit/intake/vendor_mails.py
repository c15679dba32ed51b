"""Mails of vendors that nobody here has seen: people in eight languages, and how a mail is made."""

from collections.abc import Callable
from typing import Any

from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.policy import MailSource

ADA = ("Ada Byron", "ada@byron.example", "202-555-0146")
TEXT = "Name: Ada Byron\r\nEmail: ada@byron.example\r\nPhone: 202-555-0146\r\n"


# Labels of first name, last name, address, number and message, and what stands at them.
PEOPLE = {
    "de": (
        ("Vorname", "Name", "E-Mail", "Telefon", "Nachricht"),
        ("Jürgen", "von Groß", "j@firma.example", "+49 171 5550123", "Bitte um ein Angebot."),
    ),
    "fr": (
        ("Prénom", "Nom", "Courriel", "Téléphone", "Message"),
        ("Chloé", "Lefèvre", "c@exemple.example", "06 12 34 56 78", "Bonjour, je cherche."),
    ),
    "es": (
        ("Nombre", "Apellidos", "Correo electrónico", "Teléfono", "Mensaje"),
        ("María José", "Núñez Ibáñez", "mj@correo.example", "+34 600 111 222", "¿Cuándo?"),
    ),
    "it": (
        ("Nome", "Cognome", "Email", "Cellulare", "Messaggio"),
        ("Niccolò", "D'Angelo", "nico@posta.example", "+39 333 1234567", "Salve"),
    ),
    "nl": (
        ("Voornaam", "Achternaam", "E-mailadres", "Telefoonnummer", "Bericht"),
        ("Sanne", "van den Berg", "sanne@post.example", "+31 6 12345678", "Graag contact"),
    ),
    "pl": (
        ("Imię", "Nazwisko", "Adres e-mail", "Numer telefonu", "Treść wiadomości"),
        ("Łukasz", "Wójcik", "l@poczta.example", "+48 600 100 200", "Proszę o kontakt"),
    ),
    "pt": (
        ("Nome", "Sobrenome", "E-mail", "Telemóvel", "Mensagem"),
        ("João", "Gonçalves", "joao@correio.example", "+351 912 345 678", "Olá"),
    ),
    "ja": (
        ("名", "姓", "メールアドレス", "電話番号", "お問い合わせ内容"),
        ("太郎", "山田", "taro@mail.example", "090-1234-5678", "よろしくお願いします"),
    ),
}


Pairs = list[tuple[str, str]]


def each(form: str) -> Callable[[Pairs], str]:
    return lambda pairs: "".join(form.format(label, value) for label, value in pairs)


def read_prospect(source: MailSource, raw: bytes) -> Any:
    """The only prospect of a mail."""
    (prospect,) = read_prospects(open_mail(raw), source)
    return prospect


def mail(body: str, kind: str = "plain", subject: str = "Neue Anfrage", **more: str) -> bytes:
    charset = more.pop("charset", "utf-8")
    sender = more.pop("sender", "Portal <leads@portal.example>")
    head = (
        f"From: {sender}\r\nSubject: {subject}\r\nContent-Type: text/{kind}; charset={charset}\r\n"
    )
    return head.encode() + b"\r\n" + body.encode(more.pop("really", charset))


def who(prospect: Any) -> tuple[str | None, str | None, str | None]:
    contact = prospect.parts.contact
    whole = contact.name or " ".join(filter(None, (contact.first_name, contact.last_name)))
    return whole or None, contact.email, contact.phone


def wanted(values: tuple[str, ...]) -> tuple[str, str, str]:
    return f"{values[0]} {values[1]}", values[2], values[3]
