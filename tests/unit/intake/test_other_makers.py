"""Mails of vendors that nobody here has seen: eight languages, in each way to lay fields out.

What is asked of each is the whole person and no doubt; of what is passed on or signed, that nobody
else is taken for the person.
"""

import base64
import quopri
from collections.abc import Callable
from typing import Any

import pytest

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
LEGACY = {"de": "windows-1252", "fr": "windows-1252", "pl": "iso-8859-2", "ja": "iso-2022-jp"}
Pairs = list[tuple[str, str]]


def each(form: str) -> Callable[[Pairs], str]:
    return lambda pairs: "".join(form.format(label, value) for label, value in pairs)


def four_columns(pairs: Pairs) -> str:
    rows = [pairs[0] + pairs[1], pairs[2] + pairs[3]]
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def header_row(pairs: Pairs) -> str:
    head, row = ("".join(f"<td>{pair[n]}</td>" for pair in pairs) for n in (0, 1))
    return f"<table><tr>{head}</tr><tr>{row}</tr></table>"


LAYOUTS: dict[str, tuple[str, Callable[[Pairs], str]]] = {
    "colons": ("plain", each("{}: {}\r\n")),
    "label above value": ("plain", each("{}\r\n{}\r\n\r\n")),
    "stars": ("plain", each("*{}*: {}\r\n")),
    "two columns": ("html", each("<table><tr><td>{}</td><td>{}</td></tr></table>")),
    "nested tables": (
        "html",
        lambda p: "<table><tr><td><table><tr><td>Logo</td></tr></table></td></tr><tr><td><table>"
        + each("<tr><td><b>{}:</b></td><td><p>{}</p></td></tr>")(p)
        + "</table></td></tr></table>",
    ),
    "a definition list": ("html", lambda p: f"<dl>{each('<dt>{}</dt><dd>{}</dd>')(p)}</dl>"),
    "bold above": ("html", each("<strong>{}</strong><br>{}<br>")),
    "bullets": ("html", lambda p: f"<ul>{each('<li><b>{}</b>: {}</li>')(p)}</ul>"),
    "four columns": ("html", four_columns),
    "a row of labels": ("html", header_row),
}  # fmt: skip


@pytest.fixture
def one(drop: MailSource) -> Callable[[bytes], Any]:
    def reading(raw: bytes) -> Any:
        (prospect,) = read_prospects(open_mail(raw), drop)
        return prospect

    return reading


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


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", PEOPLE)
def test_the_whole_person_is_found(one: Callable[[bytes], Any], language: str, layout: str) -> None:
    labels, values = PEOPLE[language]
    kind, laid_out = LAYOUTS[layout]
    prospect = one(mail(laid_out(list(zip(labels, values, strict=True))), kind))
    assert who(prospect) == wanted(values)
    assert prospect.doubts == ()


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@pytest.mark.parametrize("language", LEGACY)
def test_letters_come_through_older_charsets(
    one: Callable[[bytes], Any], language: str, encoding: str
) -> None:
    labels, values = PEOPLE[language]
    text = each("{}: {}\r\n")(list(zip(labels, values, strict=True))).encode(LEGACY[language])
    body = base64.encodebytes(text) if encoding == "base64" else quopri.encodestring(text)
    head = (
        f"From: a@portal.example\r\nContent-Type: text/plain; charset={LEGACY[language]}\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    assert who(one(head.encode() + body)) == wanted(values)


@pytest.mark.parametrize(
    ("said", "really"), [("utf-8", "cp1252"), ("iso-8859-1", "utf-8"), ("gb18030", "gb18030")]
)
def test_letters_come_through_though_the_header_lies(
    one: Callable[[bytes], Any], said: str, really: str
) -> None:
    name = "王小明" if really == "gb18030" else "Zoë Größer"
    text = f"Name: {name}\r\nEmail: z@g.example\r\n"
    assert who(one(mail(text, charset=said, really=really)))[0] == name


PASSED_ON = {
    "Gmail": "Please call.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Portal"
    " <leads@portal.example>\r\nDate: Mon, 2 Mar 2026\r\nSubject: New lead\r\nTo: <us@us.example>"
    "\r\n\r\n" + TEXT,
    "Gmail, German": "---------- Weitergeleitete Nachricht ---------\r\nVon: Portal <leads@portal."
    "example>\r\nDate: Mo., 2. März 2026\r\nSubject: Anfrage\r\n\r\n" + TEXT,
    "Outlook": "-----Ursprüngliche Nachricht-----\r\nVon: Portal <leads@portal.example>\r\n"
    "Gesendet: Montag, 2. März 2026\r\nAn: us@us.example\r\nBetreff: Anfrage\r\n\r\n" + TEXT,
    "Apple": "Begin forwarded message:\r\n\r\n> From: Portal <leads@portal.example>\r\n> Subject:"
    " New lead\r\n> To: us@us.example\r\n> \r\n"
    + "".join(f"> {line}\r\n" for line in TEXT.splitlines()),
    "Apple, German": "> Anfang der weitergeleiteten Nachricht:\r\n> \r\n> Von: Portal <leads@portal"
    ".example>\r\n> Betreff: Anfrage\r\n> \r\n"
    + "".join(f"> {line}\r\n" for line in TEXT.splitlines()),
}


@pytest.mark.parametrize("program", PASSED_ON)
def test_what_a_colleague_passed_on_is_read_as_it_came(
    one: Callable[[bytes], Any], program: str
) -> None:
    raw = mail(PASSED_ON[program], subject="WG: Anfrage", sender="Boss <boss@us.example>")
    prospect = one(b"Reply-To: boss@home.example\r\n" + raw)
    assert who(prospect) == ADA
    assert prospect.doubts == ()


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_mail_attached_to_a_colleagues_is_read_as_passed_on(
    one: Callable[[bytes], Any], kind: str
) -> None:
    text = TEXT if kind == "plain" else TEXT.replace("\r\n", "<br>")
    head = "From: Boss <boss@us.example>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    said = "--b\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n"
    attached = f"--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: text/{kind}\r\n\r\n{text}"
    prospect = one(f"{head}{said}{attached}\r\n--b--\r\n".encode())
    assert who(prospect) == ADA
    assert prospect.doubts == ()


def test_a_colleagues_signature_above_is_a_doubt_and_never_the_person(
    one: Callable[[bytes], Any],
) -> None:
    signed = "FYI\r\n\r\nBob Boss\r\nPhone: 800-555-0100\r\nEmail: boss@us.example\r\n\r\n"
    prospect = one(mail(signed + PASSED_ON["Gmail"], subject="Fwd: New lead"))
    assert who(prospect) == ADA
    assert [doubt.code for doubt in prospect.doubts] == ["two_persons"]


def test_a_forward_pasted_into_ones_own_words_names_nobody(one: Callable[[bytes], Any]) -> None:
    """Whoever fills in a form may write anything in it, also another's name and number."""
    planted = "---------- Forwarded message ---------\r\nName: Boss\r\nPhone: 800-555-0100\r\n"
    prospect = one(mail(f"Name: Ada Byron\r\nEmail: {ADA[1]}\r\nMessage: See\r\n{planted}"))
    assert who(prospect) == ("Ada Byron", ADA[1], None)


@pytest.mark.parametrize(
    "after",
    [
        "\r\nBest regards\r\nPortal Team\r\nTel: 0800 555 0100\r\nE-Mail: help@portal.example\r\n",
        "\r\nMit freundlichen Grüßen\r\nIhr Portal\r\nTelefon: 0800 555 0100\r\n",
        "\r\nCordialement,\r\nL'équipe\r\nTéléphone : 01 55 55 01 00\r\n",
        "Ihr Ansprechpartner: Bob Makler\r\nTelefon: 030 555 0100\r\n",
        "\r\nVotre conseiller\r\nTéléphone: 01 55 55 01 00\r\n",
        "Name: Bob Seller\r\nPhone: 800-555-0100\r\n",
        "Fax: 202-555-0177\r\n",
        "Emergency contact phone: 800-555-0100\r\n",
    ],
)
def test_a_number_of_somebody_else_is_never_the_persons(
    one: Callable[[bytes], Any], after: str
) -> None:
    prospect = one(mail(f"Name: Ada Byron\r\nEmail: {ADA[1]}\r\n{after}"))
    assert who(prospect) == ("Ada Byron", ADA[1], None)
